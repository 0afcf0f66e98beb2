import Model
import NIOCore
import Testing

@testable import Protocol

struct GoldenFrameTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let stream: UInt32
        let envelope: Envelope
        var testDescription: String { name }
    }

    static func rows() -> [Row] { first() + GoldenRows.all() }

    /// Values come from a fixed seed; they only have to stay the same.
    private static func first() -> [Row] {
        var some = Arbitrary(seed: 42)
        guard let fleet = FleetName("example") else { return [] }
        let hello = Hello(
            versions: VersionRange(current: 1, minimum: 1),
            software: "fleet 1.0.0",
            fleet: fleet,
            name: "web-1",
            bootID: "b"
        )
        func command(_ request: HostRequest) -> Envelope {
            let id = some.requestID()
            return .request(
                .success(
                    .command(HostCommand(id: id, service: some.name(), environment: some.name(), request: request))
                )
            )
        }
        let prepare = PrepareOrder(order: [1, 2], release: [3], provenance: [[4], [5, 6]], approvals: [[7]])
        let activate = ActivateOrder(
            release: some.release(),
            purpose: .rollback,
            activateWithin: .seconds(90),
            commitWithin: .seconds(60)
        )
        var diverted = activate
        diverted.traffic = TrafficPolicy(
            loadBalancers: [LoadBalancer(address: "10.0.0.5:9999", backend: "web")],
            drainWithin: .seconds(20),
            onSessionsLeft: .fail
        )
        let claim = some.claim()
        _ = some.failure()  // once a row of its own; the rows after it keep what the seed gives them
        let replies: [(String, HostReply)] = [
            ("reply-claim-state", .claimState(highest: Epoch(7), claim: claim)),
            ("reply-reverted", .reverted(to: nil, failure: GoldenRows.failure)),
            ("reply-committed", .committed(some.release())),
        ]
        return [
            Row(name: "hello", stream: 0, envelope: .hello(hello)),
            Row(name: "heartbeat", stream: 0, envelope: .heartbeat(reportSequence: 300)),
            Row(name: "goodbye", stream: 0, envelope: .goodbye(.closing)),
            Row(name: "request-claim", stream: 1, envelope: command(.claim(some.claim()))),
            Row(name: "request-prepare", stream: 3, envelope: command(.prepare(prepare))),
            Row(name: "request-activate", stream: 5, envelope: command(.activate(activate))),
            Row(name: "request-commit", stream: 7, envelope: command(.commit(release: some.digest()))),
            Row(
                name: "request-push-artifact",
                stream: 9,
                envelope: .request(.success(.pushArtifact(some.offer(), on: StreamID(1))))
            ),
            Row(
                name: "event-report",
                stream: 11,
                envelope: .event(.success(.report(NumberedReport(sequence: 3, report: some.report()))))
            ),
            Row(name: "response-facts", stream: 13, envelope: .response(.success(.facts(some.facts())))),
            Row(name: "response-problem", stream: 15, envelope: .response(.failure(.cancelled))),
            Row(name: "credit", stream: 11, envelope: .credit(4 << 20)),
        ] + replies.map { Row(name: $0.0, stream: 17, envelope: .response(.success(.reply($0.1)))) }
            // Last, so that the rows before it keep what the seed gives them.
            + [Row(name: "request-activate-diverted", stream: 5, envelope: command(.activate(diverted)))]
    }

    @Test("Frames are byte for byte what they were", arguments: rows())
    func golden(_ row: Row) throws {
        var bytes = ByteBuffer()
        try FrameEncoder.encode(try row.envelope.frame(on: StreamID(row.stream)), into: &bytes)
        try Fixture.expect(
            Array(bytes.readableBytesView),
            golden: row.name,
            comment: "\(row.name), stream \(row.stream)"
        )
        var decoder = FrameDecoder()
        let frame = try #require(try decoder.next(from: &bytes))
        #expect(frame.stream.number == row.stream)
        #expect(try Envelope(payload: frame.payload) == row.envelope)
    }
}
