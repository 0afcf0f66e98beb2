import Foundation
import Model
import Testing

@testable import Trust

struct CanonicalJSONTests {
    private struct Sample: Codable, Equatable {
        var name: String
        var count: Int
    }

    @Test("What is encoded decodes to the same value")
    func roundTrip() throws {
        let sample = Sample(name: "a/b \u{1F600} \u{2028}\u{7F}", count: -7)
        let bytes = try CanonicalJSON.encode(sample)
        #expect(String(decoding: bytes, as: UTF8.self) == "{\"count\":-7,\"name\":\"a/b \u{1F600} \u{2028}\u{7F}\"}")
        #expect(try CanonicalJSON.decode(Sample.self, from: bytes) == sample)
    }

    @Test(
        "Any other spelling of the same value is refused",
        arguments: [
            #"{"name":"a","count":1}"#, #"{"count": 1,"name":"a"}"#, #"{"count":1,"name":"\u0061"}"#,
            #"{"count":-0,"name":"a"}"#, "{\"count\":1,\"name\":\"a\"}\n", #"{"count":1,"name":"a\/"}"#,
        ]
    )
    func notCanonical(_ text: String) {
        let error = #expect(throws: TrustError.self) {
            try CanonicalJSON.decode(Sample.self, from: Array(text.utf8))
        }
        #expect(error?.code == .jsonNotCanonical)
        #expect(error?.subject == "Sample")
    }

    @Test("Floats and integers from 2^53 are never signed")
    func numbers() {
        #expect(throws: TrustError.self) { try CanonicalJSON.encode([1.5]) }
        #expect(throws: TrustError.self) { try CanonicalJSON.encode([Int64(1) << 53]) }
    }

    @Test("Values that the type refuses are refused")
    func wrongValues() {
        let error = #expect(throws: TrustError.self) {
            try CanonicalJSON.decode([HostID].self, from: Array(#"["../etc"]"#.utf8))
        }
        #expect(error?.code == .jsonInvalid)
    }

    @Test("The canonical bytes and digest of a release, a plan and an order are pinned")
    func goldens() throws {
        let release = try Samples.release()
        let plan = try Samples.plan(release)
        let order = try Samples.order(plan)
        try Fixture.expect(try CanonicalJSON.encode(release), matches: "release.json")
        try Fixture.expect(try CanonicalJSON.encode(plan), matches: "plan.json")
        try Fixture.expect(try CanonicalJSON.encode(order), matches: "order.json")
        let digests = [("release", try release.digest()), ("plan", try plan.digest()), ("order", try order.digest())]
        let lines = digests.map { "\($1)  \($0).json\n" }.joined()
        try Fixture.expect(Array(lines.utf8), matches: "SHA256SUMS")
    }

    @Test("sha256sum agrees with the digests of the recorded files")
    func goldenDigests() throws {
        let directory = Fixture.directory.path
        let result = try Command.run("sh", ["-c", "cd '\(directory)' && sha256sum --check SHA256SUMS"])
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("A release, plan and order come back from their canonical bytes")
    func modelRoundTrip() throws {
        let release = try Samples.release()
        let plan = try Samples.plan(release)
        let order = try Samples.order(plan)
        #expect(try CanonicalJSON.decode(Release.self, from: CanonicalJSON.encode(release)) == release)
        #expect(try CanonicalJSON.decode(Plan.self, from: CanonicalJSON.encode(plan)) == plan)
        #expect(try CanonicalJSON.decode(Order.self, from: CanonicalJSON.encode(order)) == order)
    }
}
