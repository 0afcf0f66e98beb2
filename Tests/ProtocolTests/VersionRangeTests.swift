import Testing

@testable import Protocol

struct VersionRangeTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let ours: VersionRange
        let theirs: VersionRange
        let agreed: UInt32?
        var testDescription: String { "\(ours) with \(theirs)" }
    }

    @Test(
        "Two versions agree on the highest that both speak, whoever asks",
        arguments: [
            Row(ours: VersionRange(current: 1, minimum: 1), theirs: VersionRange(current: 1, minimum: 1), agreed: 1),
            Row(ours: VersionRange(current: 2, minimum: 1), theirs: VersionRange(current: 1, minimum: 1), agreed: 1),
            Row(ours: VersionRange(current: 3, minimum: 2), theirs: VersionRange(current: 4, minimum: 3), agreed: 3),
            Row(ours: VersionRange(current: 1, minimum: 1), theirs: VersionRange(current: 3, minimum: 2), agreed: nil),
        ]
    )
    func agree(_ row: Row) {
        #expect((try? row.ours.agree(with: row.theirs, software: "a", peerSoftware: "b")) == row.agreed)
        #expect((try? row.theirs.agree(with: row.ours, software: "b", peerSoftware: "a")) == row.agreed)
    }

    @Test("A refusal names both ranges and who is to be upgraded")
    func refusal() throws {
        let old = VersionRange(current: 1, minimum: 1)
        let error = try #require(throws: ProtocolError.self) {
            try old.agree(with: VersionRange(current: 4, minimum: 3), software: "fleet 1.0", peerSoftware: "fleet 9.0")
        }
        #expect(error.code == .versionUnsupported)
        let advice = "we (fleet 1.0) speak 1, the peer (fleet 9.0) speaks 3 to 4; upgrade us (fleet 1.0) first"
        #expect(error.advice == advice)
    }

    @Test("An empty range is none", arguments: [(0, 0), (1, 2), (1, 0)])
    func invalid(_ current: UInt32, _ minimum: UInt32) {
        #expect(VersionRange(validating: current, minimum: minimum) == nil)
    }
}
