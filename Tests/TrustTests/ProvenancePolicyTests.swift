import Model
import Testing

@testable import Trust

struct ProvenancePolicyTests {
    private static let repository = "git+https://git.example.com/web"
    private static let builder = "https://ci.example.com/main"
    private let artifact = SHA256.digest(of: Array("artifact".utf8))
    private let key: SigningKey
    private let other: SigningKey

    init() throws {
        key = try SigningKey.generate(.ed25519)
        other = try SigningKey.generate(.p256)
    }

    private func provenance(revision: String = "9fceb02d0ae598e95dc970b74767f19372d61af8") throws -> Provenance {
        Provenance(
            artifactName: "web-1.4.2.tar",
            artifact: artifact,
            builder: Self.builder,
            source: SourceRevision(repository: Self.repository, revision: revision),
            sourceTime: try WallTime(rfc3339: "2026-03-01T12:00:05Z"),
            invocation: "run-4711",
            started: try WallTime(rfc3339: "2026-03-01T12:10:00Z"),
            finished: try WallTime(rfc3339: "2026-03-01T12:12:30Z")
        )
    }

    private func policy(source: String? = repository, threshold: Int = 1) -> ProvenancePolicy {
        let entry = TrustedBuilder(builder: Self.builder, source: source, key: key.publicKey)
        let second = TrustedBuilder(builder: Self.builder, key: other.publicKey)
        return ProvenancePolicy(trust: BuilderTrust([entry, second]), threshold: threshold)
    }

    private func code(_ envelopes: [[UInt8]], _ policy: ProvenancePolicy, _ artifact: Digest? = nil) -> TrustError.Code?
    {
        do throws(TrustError) {
            _ = try policy.verify(envelopes: envelopes, artifact: artifact ?? self.artifact)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("Provenance that holds comes back with all that it says")
    func holds() throws {
        let envelope = try provenance().signed(with: key).json()
        let verified = try policy().verify(envelopes: [envelope], artifact: artifact)
        #expect(verified.provenance == (try provenance()))
        #expect(verified.keys == [key.publicKey])
        #expect(verified.builder == Self.builder)
    }

    @Test("A builder vouches only for what its entry allows")
    func destinations() throws {
        let web = ServiceName(validated: "web")
        let (dev, production) = (EnvironmentName(validated: "dev"), EnvironmentName(validated: "production"))
        let laptop = TrustedBuilder(builder: Self.builder, environments: [dev], key: key.publicKey)
        let ci = TrustedBuilder(builder: Self.builder, extent: Extent(services: [web]), key: other.publicKey)
        let policy = ProvenancePolicy(trust: BuilderTrust([laptop, ci]))
        func holds(_ signer: SigningKey, _ service: String, _ environment: EnvironmentName) throws -> Bool {
            let destination = Destination(service: ServiceName(validated: service), environment: environment)
            let envelope = try provenance().signed(with: signer).json()
            do throws(TrustError) {
                _ = try policy.verify(envelopes: [envelope], artifact: artifact, for: destination)
                return true
            } catch {
                #expect(error.code == .wrongDestination, "\(error)")
                return false
            }
        }
        #expect(try holds(key, "web", dev))
        #expect(try holds(key, "mail", dev))
        #expect(try !holds(key, "web", production))
        #expect(try holds(other, "web", production))
        #expect(try !holds(other, "mail", production))
        // One that may not vouch here adds nothing to one that may.
        let both = try [key, other].map { try provenance().signed(with: $0).json() }
        let destination = Destination(service: web, environment: production)
        let strict = ProvenancePolicy(trust: policy.trust, threshold: 2)
        let error = try #require(throws: TrustError.self) {
            try strict.verify(envelopes: both, artifact: artifact, for: destination)
        }
        #expect(error.code == .belowThreshold)
    }

    @Test("Each broken rule is named")
    func rules() throws {
        let good = try provenance().signed(with: key).json()
        #expect(code([], policy()) == .unsigned)
        #expect(code([try DSSEEnvelope(payloadType: "t", payload: []).json()], policy()) == .unsigned)
        #expect(code([Array("{".utf8)], policy()) == .envelopeInvalid)
        #expect(code([try provenance().signed(with: try .generate()).json()], policy()) == .unknownKey)
        #expect(code([good], policy(), SHA256.digest(of: [])) == .otherArtifact)
        #expect(code([good], ProvenancePolicy(trust: BuilderTrust([]))) == .unknownKey)
        var wrong = try provenance()
        wrong.builder = "https://ci.example.com/fork"
        #expect(code([try wrong.signed(with: key).json()], policy()) == .wrongBuilder)
        wrong = try provenance()
        wrong.source = SourceRevision(repository: "git+https://git.example.com/evil", revision: "1")
        #expect(code([try wrong.signed(with: key).json()], policy()) == .wrongSource)
        wrong.source = nil
        #expect(code([try wrong.signed(with: key).json()], policy()) == .wrongSource)
        #expect(code([try wrong.signed(with: key).json()], policy(source: nil)) == nil)
    }

    @Test("A key speaks only for its own builder, though another trusted key may speak for that one")
    func keysAreNotInterchangeable() throws {
        let trust = BuilderTrust([
            TrustedBuilder(builder: Self.builder, key: key.publicKey),
            TrustedBuilder(builder: "https://ci.example.com/nightly", key: other.publicKey),
        ])
        let envelope = try provenance().signed(with: other).json()
        #expect(code([envelope], ProvenancePolicy(trust: trust)) == .wrongBuilder)
    }

    @Test("An envelope that fails takes nothing from one that holds; of failures, the nearest miss is told")
    func severalEnvelopes() throws {
        let good = try provenance().signed(with: key).json()
        let stranger = try provenance().signed(with: try .generate()).json()
        #expect(code([stranger, [0x7B], good], policy()) == nil)
        var wrong = try provenance()
        wrong.builder = "elsewhere"
        #expect(code([stranger, try wrong.signed(with: key).json(), [0x7B]], policy()) == .wrongBuilder)
    }

    @Test("A threshold needs distinct keys that name the same source")
    func threshold() throws {
        let first = try provenance().signed(with: key).json()
        let second = try provenance().signed(with: other).json()
        let differing = try provenance(revision: "ffff").signed(with: other).json()
        #expect(code([first, first], policy(threshold: 2)) == .belowThreshold)
        #expect(code([first, differing], policy(threshold: 2)) == .belowThreshold)
        #expect(try policy(threshold: 2).verify(envelopes: [first, second], artifact: artifact).keys.count == 2)
        var both = try provenance().signed(with: key)
        try both.sign(with: other)
        #expect(code([try both.json()], policy(threshold: 2)) == nil)
    }

    @Test(
        "Statements of other kinds are refused by name",
        arguments: [
            (#"{"_type":"https://in-toto.io/Statement/v2"}"#, TrustError.Code.statementUnsupported),
            (
                #"{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v0.1"}"#,
                .statementUnsupported
            ),
            (
                #"{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1"}"#,
                .statementInvalid
            ),
            ("no JSON", .statementInvalid),
        ]
    )
    func otherStatements(_ text: String, _ expected: TrustError.Code) throws {
        var envelope = DSSEEnvelope(payloadType: Provenance.payloadType, payload: Array(text.utf8))
        try envelope.sign(with: key)
        #expect(code([try envelope.json()], policy()) == expected)
    }

    @Test("A statement under another media type is refused")
    func otherPayloadType() throws {
        var envelope = DSSEEnvelope(payloadType: "text/plain", payload: try provenance().statement())
        try envelope.sign(with: key)
        #expect(code([try envelope.json()], policy()) == .statementUnsupported)
    }

    @Test("Statement v0.1, several subjects, floats and the GitHub builder's refs are read")
    func foreignStatement() throws {
        let text = """
            {"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v1",
             "subject":[{"name":"other","digest":{"sha256":"00"}},{"name":"x","digest":{"sha256":"\(artifact)"}}],
             "predicate":{"buildDefinition":{"buildType":"b","externalParameters":{"timeout":1.5},
               "resolvedDependencies":[{"uri":"pkg:deb/zlib"},
                 {"uri":"\(Self.repository)@refs/heads/main","digest":{"gitCommit":"abc"}}]},
              "runDetails":{"builder":{"id":"\(Self.builder)"},
               "metadata":{"startedOn":"2026-03-01T13:00:05.25+01:00"}}}}
            """
        var envelope = DSSEEnvelope(payloadType: Provenance.payloadType, payload: Array(text.utf8))
        try envelope.sign(with: key)
        let verified = try policy().verify(envelopes: [try envelope.json()], artifact: artifact).provenance
        #expect(verified.source == SourceRevision(repository: Self.repository, revision: "abc"))
        #expect(verified.artifactName == "x")
        #expect(verified.started == WallTime(milliseconds: 1_772_366_405_250))
    }

    @Test("SLSA v0.2, as cosign and the generic GitHub builder write it, is read")
    func olderProvenance() throws {
        let material = #"{"uri":"\#(Self.repository)@refs/tags/v1","digest":{"sha1":"abc"}}"#
        for source in [#""invocation":{"configSource":\#(material)}"#, #""materials":[{"uri":"pkg:x"},\#(material)]"#] {
            let text = """
                {"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v0.2",
                 "subject":[{"name":"x","digest":{"sha256":"\(artifact)"}}],
                 "predicate":{"builder":{"id":"\(Self.builder)"},"buildType":"b",\(source),
                  "metadata":{"buildInvocationId":"7","buildStartedOn":"2026-03-01T12:00:05Z",
                   "buildFinishedOn":"2026-03-01T12:00:09Z","completeness":{"parameters":true}}}}
                """
            var envelope = DSSEEnvelope(payloadType: Provenance.payloadType, payload: Array(text.utf8))
            try envelope.sign(with: key)
            let found = try policy().verify(envelopes: [try envelope.json()], artifact: artifact).provenance
            #expect(found.source == SourceRevision(repository: Self.repository, revision: "abc"))
            #expect(found.invocation == "7" && found.buildType == "b")
            #expect(found.finished == (try WallTime(rfc3339: "2026-03-01T12:00:09Z")))
        }
    }

    @Test("Names that look alike are not the same: a repository is compared by its bytes")
    func lookalikes() throws {
        // U+212A, the Kelvin sign, equals K for Swift's ==.
        let entry = TrustedBuilder(builder: "https://ci/K", source: "git+https://h/K", key: key.publicKey)
        let policy = ProvenancePolicy(trust: BuilderTrust([entry]))
        func code(builder: String, repository: String) throws -> TrustError.Code? {
            var provenance = try provenance()
            provenance.builder = builder
            provenance.source = SourceRevision(repository: repository, revision: "1")
            return self.code([try provenance.signed(with: key).json()], policy)
        }
        #expect(try code(builder: "https://ci/K", repository: "git+https://h/K") == nil)
        #expect(try code(builder: "https://ci/\u{212A}", repository: "git+https://h/K") == .wrongBuilder)
        #expect(try code(builder: "https://ci/K", repository: "git+https://h/\u{212A}") == .wrongSource)
    }

    @Test("A builder is believed until its entry expires, whatever date it writes")
    func expiry() throws {
        let end = try WallTime(rfc3339: "2026-06-01T00:00:00Z")
        let entry = TrustedBuilder(builder: Self.builder, extent: Extent(expires: end), key: key.publicKey)
        let policy = ProvenancePolicy(trust: BuilderTrust([entry]))
        let envelope = try provenance().signed(with: key).json()
        #expect(throws: Never.self) {
            try policy.verify(
                envelopes: [envelope],
                artifact: artifact,
                at: WallTime(milliseconds: end.milliseconds - 1)
            )
        }
        let error = #expect(throws: TrustError.self) {
            try policy.verify(envelopes: [envelope], artifact: artifact, at: end)
        }
        #expect(error?.code == .expired)
        #expect(error?.advice.contains("believed until 2026-06-01T00:00:00Z") == true)
    }

    @Test("An artifact that was built too long ago, or does not say when, is refused where its age counts")
    func age() throws {
        let built = try WallTime(rfc3339: "2026-03-01T12:12:30Z")
        let policy = ProvenancePolicy(trust: policy().trust, maximumAge: .days(30))
        func refusal(_ provenance: Provenance, at now: WallTime) throws -> String? {
            do throws(TrustError) {
                _ = try policy.verify(envelopes: [try provenance.signed(with: key).json()], artifact: artifact, at: now)
                return nil
            } catch {
                #expect(error.code == .expired)
                return error.advice
            }
        }
        #expect(try refusal(provenance(), at: built + .days(30)) == nil)
        let late = try refusal(provenance(), at: built + .days(30) + .seconds(1))
        #expect(late?.contains("was built at 2026-03-01T12:12:30Z") == true)
        var silent = try provenance()
        silent.finished = nil
        #expect(try refusal(silent, at: built)?.contains("does not say when") == true)
    }

    @Test("The authors of the revision come back as they were written, and builders must agree on them")
    func authors() throws {
        func signed(_ authors: [String], by key: SigningKey) throws -> [UInt8] {
            var provenance = try provenance()
            provenance.source = SourceRevision(repository: Self.repository, revision: "1", authors: authors)
            return try provenance.signed(with: key).json()
        }
        let both = ["ada@example.com", "bob@example.com"]
        let first = try signed(both, by: key)
        #expect(try policy().verify(envelopes: [first], artifact: artifact).provenance.source?.authors == both)
        #expect(code([first, try signed(both, by: other)], policy(threshold: 2)) == nil)
        #expect(code([first, try signed(["eve@example.com"], by: other)], policy(threshold: 2)) == .belowThreshold)
    }

    @Test(
        "A repository loses its ref, not its user",
        arguments: [
            ("git+https://h/o/r@refs/heads/main", "git+https://h/o/r"),
            ("git+ssh://git@h/o/r", "git+ssh://git@h/o/r"), ("git+ssh://git@h/o/r@v1", "git+ssh://git@h/o/r"),
            ("plain@x", "plain@x"),
        ]
    )
    func repositories(_ uri: String, _ repository: String) {
        #expect(Provenance.repository(uri) == repository)
    }
}
