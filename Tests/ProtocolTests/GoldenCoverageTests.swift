import Foundation
import NIOCore
import SwiftProtobuf
import Testing

@testable import Protocol

/// Asks the schema itself which kinds there are, so that a new one without a golden frame is found.
struct GoldenCoverageTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let file: String
        let message: String
        /// Where the message stands in an envelope, by the names of fields.
        let place: [String]
        var testDescription: String { message }
    }

    @Test(
        "Every kind of the wire has a golden frame",
        arguments: [
            Row(file: "envelope", message: "Envelope", place: []),
            Row(file: "envelope", message: "Request", place: ["request"]),
            Row(file: "command", message: "HostRequest", place: ["request", "command", "request"]),
            Row(file: "envelope", message: "Response", place: ["response"]),
            Row(file: "command", message: "HostReply", place: ["response", "reply"]),
            Row(file: "envelope", message: "Event", place: ["event"]),
        ]
    )
    func covered(_ row: Row) throws {
        let known = try kinds(of: row)
        #expect(known.count > 1)
        let shown = Set(try GoldenFrameTests.rows().flatMap { try fields(at: row.place, of: $0.envelope) })
        #expect(known.subtracting(shown).isEmpty)
    }

    /// The arms of the message's oneof, as JSON names them.
    private func kinds(of row: Row) throws -> Set<String> {
        let file = Fixture.directory.appending(path: "../../../Sources/Protocol/proto/\(row.file).proto")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let body = lines.drop { $0 != "message \(row.message) {" }.prefix { $0 != "}" }
        let arms = body.drop { $0 != "  oneof kind {" }.dropFirst().prefix { $0 != "  }" }
        let fields = arms.filter { $0.contains(" = ") }.compactMap { $0.split(separator: " ").dropFirst().first }
        return Set(fields.map(Self.camelCase))
    }

    private static func camelCase(_ name: Substring) -> String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    private func fields(at place: [String], of envelope: Envelope) throws -> [String] {
        let payload = try envelope.frame().payload
        let wire = try WireEnvelope(serializedBytes: Array(payload.readableBytesView))
        var object = try JSONSerialization.jsonObject(with: wire.jsonUTF8Data()) as? [String: Any]
        for name in place { object = object?[name] as? [String: Any] }
        return object.map { Array($0.keys) } ?? []
    }
}
