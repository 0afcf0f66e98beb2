import Model
import NIOCore
import SwiftProtobuf
import TestSupport
import Testing

@testable import Protocol

struct EnvelopeTests {
    @Test("Whatever is sent is read back the same")
    func roundTrip() throws {
        let seed = SeededGenerator.seedOfRun
        print("EnvelopeTests.roundTrip SEED=\(seed)")
        var arbitrary = Arbitrary(seed: seed)
        for _ in 0..<3000 {
            let envelope = arbitrary.envelope()
            let frame = try envelope.frame()
            #expect(try Envelope(payload: frame.payload) == envelope, "SEED=\(seed)")
        }
    }

    @Test("No change of the bytes does worse than a named refusal")
    func mutations() throws {
        let seed = SeededGenerator.seedOfRun
        print("EnvelopeTests.mutations SEED=\(seed)")
        var arbitrary = Arbitrary(seed: seed)
        for _ in 0..<3000 {
            var bytes = Array(try arbitrary.envelope().frame().payload.readableBytesView)
            guard !bytes.isEmpty else { continue }
            for _ in 0...Int(arbitrary.number(0...3)) {
                let index = Int(arbitrary.number(0...Int64(bytes.count - 1)))
                bytes[index] = UInt8(arbitrary.number(0...255))
            }
            do throws(ProtocolError) {
                _ = try Envelope(payload: ByteBuffer(bytes: bytes))
            } catch {
                #expect(!error.subject.isEmpty)
            }
        }
    }

    /// Field 1023 with three bytes, which no message of ours has.
    private static let unknown: [UInt8] = [0xFA, 0x3F, 0x03, 0x6E, 0x65, 0x77]

    @Test("Fields of a newer version are ignored, wherever they stand")
    func unknownFields() throws {
        let seed = SeededGenerator.seedOfRun
        print("EnvelopeTests.unknownFields SEED=\(seed)")
        var arbitrary = Arbitrary(seed: seed)
        for _ in 0..<500 {
            let envelope = arbitrary.envelope()
            let bytes = Array(try envelope.frame().payload.readableBytesView)
            // At the end of the envelope, and at the end of the message in it.
            for changed in [bytes + Self.unknown, try Self.inside(bytes)] {
                #expect(try Envelope(payload: ByteBuffer(bytes: changed)) == envelope, "SEED=\(seed)")
            }
        }
    }

    /// The envelope with an unknown field in the one message that it holds.
    private static func inside(_ bytes: [UInt8]) throws -> [UInt8] {
        var length = 0
        var index = 1
        var shift = 0
        while true {
            length |= Int(bytes[index] & 0x7F) << shift
            defer { (index, shift) = (index + 1, shift + 7) }
            guard bytes[index] & 0x80 != 0 else { break }
        }
        try #require(index + length == bytes.count)
        var rest = length + unknown.count
        var prefix = [bytes[0]]
        while rest >= 0x80 {
            prefix.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return prefix + [UInt8(rest)] + bytes[index...] + unknown
    }

    @Test("What is signed travels as exact bytes, with all that a newer version wrote into it")
    func exactBytes() throws {
        let order = Array(#"{"newer":"field","release":1}"#.utf8)
        let prepare = PrepareOrder(order: order, release: [9, 9], provenance: [[1]], approvals: [[2]])
        let wire = HostRequest.prepare(prepare).wire
        let bytes: [UInt8] = try wire.serializedBytes()
        guard case .prepare(let read) = try HostRequest(wire: WireHostRequest(serializedBytes: bytes)) else {
            Issue.record("no prepare")
            return
        }
        #expect(read == prepare)
        #expect(read.order == order)
    }

    @Test("A request of a newer version is a readable envelope with an unreadable request")
    func unknownRequest() throws {
        let request: [UInt8] = [0x32, 0x04, 0xFA, 0x3F, 0x01, 0x00]  // Envelope.request { field 1023 }
        let envelope = try Envelope(payload: ByteBuffer(bytes: request))
        guard case .request(.failure(let error)) = envelope else {
            Issue.record("\(envelope) is no unreadable request")
            return
        }
        #expect(error.code == .fieldMissing)
        #expect(error.subject == "request.kind")
    }

    @Test("An answer of a newer version is a readable envelope with a problem")
    func unknownResponse() throws {
        let response: [UInt8] = [0x3A, 0x04, 0xFA, 0x3F, 0x01, 0x00]  // Envelope.response { field 1023 }
        let envelope = try Envelope(payload: ByteBuffer(bytes: response))
        guard case .response(.failure(let problem)) = envelope else {
            Issue.record("\(envelope) is no unreadable answer")
            return
        }
        #expect(problem.code == "response.unreadable")
    }

    @Test("A failure code of a newer version is shown, not refused")
    func unknownFailureCode() throws {
        let failure = try Failure(wire: .with { ($0.code, $0.message) = ("disk.on_fire", "the disk burns") })
        #expect(failure.code == .internalError)
        #expect(failure.message == "the disk burns [disk.on_fire]")
    }

    @Test("A message longer than a control frame is refused before it is sent")
    func tooLong() throws {
        let line = LogLine(
            at: WallTime(milliseconds: 0),
            unit: "",
            priority: 6,
            text: String(repeating: "x", count: 1 << 20)
        )
        let error = try #require(throws: ProtocolError.self) { try Envelope.event(.success(.logs([line]))).frame() }
        #expect(error.code == .frameTooLarge)
    }
}
