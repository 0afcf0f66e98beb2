import Model
import Testing

@testable import Trust

struct AttesterTrustTests {
    @Test("An entry that was written reads as the same; without the directory nobody is believed")
    func roundTrip() throws {
        let scratch = try Scratch()
        let extent = Extent(
            services: [ServiceName(validated: "web")],
            environments: [EnvironmentName(validated: "production")],
            expires: try WallTime(rfc3339: "2027-01-31T00:00:00Z")
        )
        let key = try SigningKey.generate().publicKey
        let entries = [
            TrustedAttester(attester: "bob@example.com", kinds: [.review], key: key),
            TrustedAttester(
                attester: "forge",
                kinds: [.testResult, .review],
                reviewers: .any,
                extent: extent,
                key: key
            ),
        ]
        for (index, entry) in entries.enumerated() { try scratch.write("\(index).json", try entry.json()) }
        #expect(try AttesterTrust.load(directory: scratch.path).attesters == entries)
        #expect(try AttesterTrust.load(directory: scratch.file("absent")).attesters.isEmpty)
    }

    @Test(
        "A mistake in an entry is named",
        arguments: [
            (#"{"attester":"a","key":"K"}"#, "misses 'types'"),
            (#"{"attester":"a","types":[],"key":"K"}"#, "no list of names"),
            (#"{"attester":"a","types":["provenance"],"key":"K"}"#, "no list of names"),
            (#"{"types":["review"],"key":"K"}"#, "misses 'attester'"),
            (#"{"attester":"a","types":["review"],"key":"K","reviewers":"all"}"#, "not \"any\""),
            (#"{"attester":"a","types":["review"],"key":"K","reviewer":"any"}"#, "unknown member 'reviewer'"),
            (#"{"attester":"a","types":["review"],"key":"K","expires":"soon"}"#, "no time"),
            (#"{"attester":"a","attester":"b","types":["review"],"key":"K"}"#, "twice"),
        ]
    )
    func mistakes(_ text: String, _ sentence: String) throws {
        let key = String(decoding: try SigningKey.generate().publicKey.pem, as: UTF8.self)
        let bytes = Array(text.replacing("\"K\"", with: "\"\(key.replacing("\n", with: "\\n"))\"").utf8)
        let error = #expect(throws: TrustError.self) { try TrustedAttester(json: bytes, name: "a.json") }
        #expect(error?.code == .attestersInvalid)
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
}
