import Model
import Testing

@testable import Trust

struct AttestationPolicyTests {
    private let artifact = SHA256.digest(of: Array("artifact".utf8))
    private let now = WallTime(milliseconds: 1_800_000_000_000)
    private let ci: SigningKey
    private let ada: SigningKey
    private let bob: SigningKey

    init() throws {
        ci = try SigningKey.generate()
        ada = try SigningKey.generate(.p256)
        bob = try SigningKey.generate()
    }

    private func provenance(authors: [String] = ["ada@example.com"]) -> Provenance {
        let source = SourceRevision(repository: "git+https://h/r", revision: "abc", authors: authors)
        return Provenance(artifactName: "web.tar", artifact: artifact, builder: "https://ci", source: source)
    }

    private func trust() -> AttesterTrust {
        AttesterTrust([
            TrustedAttester(attester: "tests", kinds: [.testResult], key: ci.publicKey),
            TrustedAttester(attester: "ada@example.com", kinds: [.review], key: ada.publicKey),
            TrustedAttester(attester: "bob@example.com", kinds: [.review], key: bob.publicKey),
        ])
    }

    private func envelope(
        _ attestation: Attestation,
        by key: SigningKey,
        of artifact: Digest? = nil
    ) throws -> [UInt8] {
        try attestation.signed(of: artifact ?? self.artifact, named: "web.tar", with: key).json()
    }

    /// Nil when the demand is met, else the sentence that says why not.
    private func refusal(
        _ demand: AttestationDemand,
        _ envelopes: [[UInt8]],
        trust: AttesterTrust? = nil,
        authors: [String] = ["ada@example.com"],
        for destination: Destination? = nil
    ) throws -> String? {
        let policy = AttestationPolicy(trust: trust ?? self.trust(), demands: [demand])
        do throws(TrustError) {
            let provenance = provenance(authors: authors)
            _ = try policy.verify(envelopes: envelopes, with: provenance, for: destination, at: now)
            return nil
        } catch {
            #expect(error.code == .notAttested)
            return error.description
        }
    }

    @Test("Tests that passed are believed of whom the host trusts with it, and of nobody else")
    func testResults() throws {
        let demand = AttestationDemand(.testResult)
        let passed = Attestation.testResult(TestResult(.passed, url: "https://ci/7"))
        #expect(try refusal(demand, [envelope(passed, by: ci)]) == nil)
        #expect(try refusal(demand, [])?.contains("0 of the 1 passed test results") == true)
        // Another host's stranger, another person's key, another artifact.
        #expect(try refusal(demand, [envelope(passed, by: .generate())])?.contains("no valid signature") == true)
        #expect(try refusal(demand, [envelope(passed, by: bob)])?.contains("no valid signature") == true)
        let other = SHA256.digest(of: [])
        #expect(try refusal(demand, [envelope(passed, by: ci, of: other)])?.contains("speaks of") == true)
        // One that fails takes nothing away from one that holds.
        let failed = try envelope(.testResult(TestResult(.failed)), by: ci)
        #expect(try refusal(demand, [failed, [0x7B], envelope(passed, by: ci)]) == nil)
    }

    @Test(
        "Tests that did not pass do not count, whatever word they use",
        arguments: [
            (TestResult(.failed), "says FAILED"), (TestResult(.warned), "says WARNED"),
            (TestResult(.passed, failed: ["login"]), "'login'"),
        ]
    )
    func failures(_ result: TestResult, _ sentence: String) throws {
        let refused = try refusal(AttestationDemand(.testResult), [envelope(.testResult(result), by: ci)])
        #expect(refused?.contains(sentence) == true, "\(refused ?? "taken")")
    }

    @Test("A review is believed of the reviewer, and never of an author, alone or under another's name")
    func reviews() throws {
        let demand = AttestationDemand(.review)
        func review(_ reviewers: String..., verdict: Review.Verdict = .pass, by key: SigningKey) throws -> [UInt8] {
            try envelope(.review(Review(verdict, reviewers: reviewers)), by: key)
        }
        #expect(try refusal(demand, [review("bob@example.com", by: bob)]) == nil)
        #expect(try refusal(demand, [review("ada@example.com", by: ada)])?.contains("wrote the source too") == true)
        #expect(
            try refusal(demand, [review("bob@example.com", by: ada)])?.contains("is signed by 'ada@example.com'")
                == true
        )
        #expect(
            try refusal(demand, [review("bob@example.com", verdict: .fail, by: bob)])?.contains("says fail") == true
        )
        let coauthors = ["ada@example.com", "BOB@example.com"]
        #expect(
            try refusal(demand, [review("bob@example.com", by: bob)], authors: coauthors)?.contains("wrote") == true
        )
        #expect(
            try refusal(demand, [review("bob@example.com", by: bob)], authors: [])?.contains("names no authors") == true
        )
    }

    @Test("A review system may name any reviewer, if the host says so")
    func reviewSystem() throws {
        let key = try SigningKey.generate()
        let bytes = try envelope(.review(Review(.pass, reviewers: ["eve@example.com", "bob@example.com"])), by: key)
        func trust(_ reviewers: TrustedAttester.Reviewers) -> AttesterTrust {
            let kinds = [AttestationKind.review]
            return AttesterTrust([
                TrustedAttester(attester: "forge", kinds: kinds, reviewers: reviewers, key: key.publicKey)
            ])
        }
        #expect(try refusal(AttestationDemand(.review, count: 2), [bytes], trust: trust(.any)) == nil)
        #expect(try refusal(AttestationDemand(.review, count: 3), [bytes], trust: trust(.any)) != nil)
        #expect(try refusal(AttestationDemand(.review), [bytes], trust: trust(.itself)) != nil)
    }

    @Test("A count is of distinct keys or people: one key in two files, or one person with two keys, is one voice")
    func distinct() throws {
        let (first, second) = (try SigningKey.generate(), try SigningKey.generate())
        let passed = Attestation.testResult(TestResult(.passed))
        let twice = AttesterTrust([
            TrustedAttester(attester: "a", kinds: [.testResult], key: first.publicKey),
            TrustedAttester(attester: "b", kinds: [.testResult], key: first.publicKey),
            TrustedAttester(attester: "c", kinds: [.testResult], key: second.publicKey),
        ])
        let two = AttestationDemand(.testResult, count: 2)
        let one = try envelope(passed, by: first)
        #expect(try refusal(two, [one, one, envelope(passed, by: first)], trust: twice) != nil)
        #expect(try refusal(two, [one, envelope(passed, by: second)], trust: twice) == nil)
        let person = AttesterTrust([
            TrustedAttester(attester: "bob@example.com", kinds: [.review], key: first.publicKey),
            TrustedAttester(attester: "Bob@example.com", kinds: [.review], key: second.publicKey),
        ])
        let reviews = try [
            envelope(.review(Review(.pass, reviewers: ["bob@example.com"])), by: first),
            envelope(.review(Review(.pass, reviewers: ["Bob@example.com"])), by: second),
        ]
        #expect(try refusal(AttestationDemand(.review, count: 2), reviews, trust: person) != nil)
        #expect(try refusal(AttestationDemand(.review), reviews, trust: person) == nil)
    }

    @Test("Policies may name attesters; entries may be limited to services and environments, and end")
    func limits() throws {
        let key = try SigningKey.generate()
        let bytes = try envelope(.testResult(TestResult(.passed)), by: key)
        let dev = EnvironmentName(validated: "dev")
        func trust(expires: WallTime? = nil) -> AttesterTrust {
            let extent = Extent(environments: [dev], expires: expires)
            return AttesterTrust([
                TrustedAttester(attester: "unit", kinds: [.testResult], extent: extent, key: key.publicKey)
            ])
        }
        func refused(_ by: [String], _ environment: String, expires: WallTime? = nil) throws -> String? {
            let web = ServiceName(validated: "web")
            let destination = Destination(service: web, environment: EnvironmentName(validated: environment))
            let demand = AttestationDemand(.testResult, by: by)
            return try refusal(demand, [bytes], trust: trust(expires: expires), for: destination)
        }
        #expect(try refused([], "dev") == nil)
        #expect(try refused(["unit"], "dev") == nil)
        #expect(try refused(["system"], "dev")?.contains("by system") == true)
        #expect(try refused([], "production")?.contains("in dev only") == true)
        #expect(try refused([], "dev", expires: now + .seconds(1)) == nil)
        #expect(try refused([], "dev", expires: now)?.contains("believed until") == true)
    }
}
