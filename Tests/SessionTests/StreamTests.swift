import Model
import NIOCore
import Protocol
import Synchronization
import TLS
import Testing

@testable import Session

struct StreamTests {
    @Test("Followers that go while reports are published hold nobody up", .timeLimit(.minutes(1)))
    func cancelledFollowers() async throws {
        let feed = ReportFeed()
        let report = try Samples.report()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<2000 {
                        let follower = Task { for await _ in feed.follow() {} }
                        await Task.yield()
                        follower.cancel()
                        await follower.value
                    }
                }
            }
            for _ in 0..<2000 {
                feed.publish(report)
                await Task.yield()
            }
        }
        #expect(feed.sequence == 2000)
    }

    @Test("A slow reader of reports gets the latest and skips the rest")
    func coalesced() async throws {
        let feed = ReportFeed()
        let pair = try Pair(
            agentHandler: Answers { _, call in
                for await report in feed.follow() { try await call.send(.report(report)) }
                return .ended
            }
        )
        try feed.publish(Samples.report(1))
        let seen = Mutex<[Int64]>([])
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            try await pair.dial { (session) async throws in
                try await session.reports { report in
                    if seen.withLock({ $0.isEmpty }) {
                        for number in Int64(2)...1000 { feed.publish(try Samples.report(number)) }
                    }
                    seen.withLock { $0.append(report.sequence) }
                    if report.sequence == 1000 { throw Enough() }
                }
            }
        }
        let sequences = seen.withLock { $0 }
        #expect(sequences.first == 1)
        #expect(sequences.last == 1000)
        #expect(sequences.count <= 4, "\(sequences)")
        #expect(sequences == sequences.sorted())
    }

    @Test("Log lines come in order, never more ahead than was asked for, and end")
    func logs() async throws {
        let sent = Mutex(0)
        let pair = try Pair(
            .tls,
            agentHandler: Answers { request, call in
                guard case .logs(let query) = request else { throw Problem.refused("no logs") }
                for number in 0..<query.past {
                    let line = LogLine(
                        at: WallTime(milliseconds: Int64(number)),
                        unit: "web.service",
                        priority: 6,
                        text: "\(number)"
                    )
                    try await call.send(.logs([line]))
                    sent.withLock { $0 += 1 }
                }
                return .ended
            }
        )
        let taken = Mutex(0)
        let query = LogQuery(service: try ServiceName(parsing: "web"), past: 500, end: .now)
        try await pair.dial { (session) async throws in
            try await session.logs(query) { lines in
                let number = taken.withLock { $0 }
                #expect(lines.map(\.text) == ["\(number)"])
                #expect(sent.withLock { $0 } - number <= 8)
                taken.withLock { $0 += lines.count }
            }
        }
        #expect(taken.withLock { $0 } == 500)
    }

    @Test("Events without credit end the session")
    func unaskedEvents() async throws {
        let configuration = try Members.configuration("c1")
        let agent = SessionTransport.plain(peer: try Members.peer(.agent, "web-1"))
        let report = NumberedReport(sequence: 1, report: try Samples.report())
        try await RawPeer.listening { frames, outbound in
            _ = try await RawPeer.next(&frames)
            try await outbound.write(RawPeer.hello("web-1"))
            guard let request = try await frames.next() else { return }
            for _ in 0..<3 {
                try await outbound.write(Envelope.event(.success(.report(report))).frame(on: request.stream))
            }
            while try await frames.next() != nil {}
        } then: { address in
            try await SessionDialer(configuration).withSession(to: address, over: agent) { session in
                let never = Signal()
                let error = await #expect(throws: SessionError.self) {
                    try await session.reports { _ in await never.wait() }
                    throw await session.endReason ?? CancellationError()
                }
                #expect(error?.code == .protocolViolation)
            }
        }
    }
}
