import Model
import Testing

@testable import Trust

/// Who may change whom the hosts believe; each attack is one that a rule of `SignedRoot.following` stops.
struct TrustRootTests {
    private let (ada, bob, eve): (SigningKey, SigningKey, SigningKey)
    private let builder: TrustFile
    /// Version 1: two of Ada, Bob and Eve.
    private let first: TrustRoot

    init() throws {
        (ada, bob, eve) = (try .generate(), try .generate(.p256), try .generate())
        let entry = TrustedBuilder(builder: "https://ci", key: try SigningKey.generate().publicKey)
        builder = try TrustFile(path: "builders/ci.json", text: String(decoding: try entry.json(), as: UTF8.self))
        first = try Self.root(1, keys: [ada, bob, eve], files: [builder])
    }

    private static func root(
        _ version: Int,
        fleet: String = "example",
        threshold: Int = 2,
        keys: [SigningKey],
        files: [TrustFile]
    ) throws -> TrustRoot {
        try TrustRoot(
            fleet: FleetName(validated: fleet),
            version: version,
            threshold: threshold,
            keys: keys.enumerated().map { TrustRoot.Key(name: "key \($0.offset)", key: $0.element.publicKey) },
            files: files
        )
    }

    private func next(_ version: Int = 2, fleet: String = "example", threshold: Int = 2, keys: [SigningKey]) throws
        -> TrustRoot
    { try Self.root(version, fleet: fleet, threshold: threshold, keys: keys, files: [builder]) }

    private func refusal(_ root: TrustRoot, by signers: [SigningKey], after held: TrustRoot? = nil) throws -> String? {
        var signed = try SignedRoot(root)
        for signer in signers { try signed.sign(with: signer) }
        let read = try SignedRoot(json: try signed.json())
        #expect(read == signed)
        do throws(TrustError) {
            let accepted = try read.following(held ?? first)
            #expect(accepted == root)
            return nil
        } catch {
            #expect(error.code == .rootRefused)
            return error.advice
        }
    }

    @Test("The next version is taken when enough of the old and of the new keys have signed it")
    func succession() throws {
        #expect(try refusal(next(keys: [ada, bob, eve]), by: [ada, bob]) == nil)
        // Eve's key was lost: the two others replace it.
        let mallory = try SigningKey.generate()
        #expect(try refusal(next(keys: [ada, bob, mallory]), by: [bob, ada]) == nil)
        #expect(try refusal(next(threshold: 1, keys: [mallory]), by: [ada, bob, mallory]) == nil)
    }

    @Test("One stolen key changes nothing, however often it signs and whatever it calls itself")
    func stolenKey() throws {
        let mallory = try SigningKey.generate()
        let taken = try next(threshold: 1, keys: [eve])
        #expect(try refusal(taken, by: [eve])?.contains("2 of the 3 keys of version 1") == true)
        #expect(try refusal(taken, by: [eve, mallory])?.contains("has: key 2") == true)
        var signed = try SignedRoot(taken)
        try signed.sign(with: eve)
        let bytes = try eve.sign(signed.envelope.signedBytes)
        let forged = signed.envelope.adding([DSSEEnvelope.Signature(keyID: ada.publicKey.id.hex, bytes: bytes)])
        let read = try SignedRoot(json: try forged.json())
        #expect(throws: TrustError.self) { try read.following(first) }
    }

    @Test("New keys alone, and old keys without the new ones, are not enough")
    func bothThresholds() throws {
        let (carol, dave) = (try SigningKey.generate(), try SigningKey.generate())
        let root = try next(keys: [carol, dave])
        #expect(try refusal(root, by: [carol, dave])?.contains("keys of version 1") == true)
        // Or a typing error in a new key would lock everybody out.
        #expect(try refusal(root, by: [ada, bob])?.contains("keys of version 2") == true)
        #expect(try refusal(root, by: [ada, bob, carol])?.contains("keys of version 2") == true)
        #expect(try refusal(root, by: [ada, bob, carol, dave]) == nil)
    }

    @Test("A version is never skipped, repeated or taken back")
    func versions() throws {
        let held = try next(5, keys: [ada, bob])
        func refused(_ version: Int) throws -> String? {
            try refusal(next(version, keys: [ada, bob]), by: [ada, bob], after: held)
        }
        #expect(try refused(6) == nil)
        #expect(try refused(7)?.contains("publish 6 first") == true)
        for old in [1, 4, 5] { #expect(try refused(old)?.contains("nobody goes back") == true) }
    }

    @Test("A root of another fleet is refused, though the same people hold it")
    func otherFleet() throws {
        #expect(
            try refusal(next(fleet: "other", keys: [ada, bob]), by: [ada, bob])?.contains("another fleet") == true
        )
    }

    @Test("A first root is signed by its own keys; a later one is none")
    func firstRoot() throws {
        var signed = try SignedRoot(first)
        try signed.sign(with: ada)
        #expect(throws: TrustError.self) { try signed.first() }
        try signed.sign(with: bob)
        #expect(try signed.first() == first)
        var later = try SignedRoot(try next(keys: [ada, bob]))
        for key in [ada, bob] { try later.sign(with: key) }
        #expect(throws: TrustError.self) { try later.first() }
    }

    @Test("Copies that were signed apart are put together, in any order; a copy of another root is refused")
    func copies() throws {
        let root = try next(keys: [ada, bob, eve])
        var (one, two) = (try SignedRoot(root), try SignedRoot(root))
        try one.sign(with: ada)
        try two.sign(with: bob)
        try one.add(signaturesOf: two)
        try one.add(signaturesOf: two)
        #expect(one.signers(among: first) == ["key 0", "key 1"])
        #expect(one.envelope.signatures.count == 2)
        #expect(try one.following(first) == root)
        let other = try SignedRoot(try next(threshold: 1, keys: [ada, bob, eve]))
        #expect(throws: TrustError.self) { try one.add(signaturesOf: other) }
    }

    @Test("A changed byte, another media type and a root with more to say are refused")
    func tampering() throws {
        var signed = try SignedRoot(try next(keys: [ada, bob]))
        for key in [ada, bob] { try signed.sign(with: key) }
        let payload = String(decoding: signed.envelope.payload, as: UTF8.self)
        func code(_ text: String, type: String = TrustRoot.payloadType) -> TrustError.Code? {
            let signatures = signed.envelope.signatures
            let envelope = DSSEEnvelope(payloadType: type, payload: Array(text.utf8), signatures: signatures)
            do throws(TrustError) {
                _ = try SignedRoot(json: try envelope.json()).following(first)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code(payload) == nil)
        #expect(code(payload.replacing("\"threshold\":2", with: "\"threshold\":1")) == .rootRefused)
        #expect(code(payload, type: Provenance.payloadType) == .rootInvalid)
        #expect(code(payload + " ") == .rootInvalid)
        #expect(code(payload.replacing("{\"files\"", with: "{\"delegates\":[],\"files\"")) == .rootInvalid)
        #expect(code(payload.replacing("\"version\":2", with: "\"version\":2,\"version\":3")) == .rootInvalid)
    }

    @Test("A root that nobody could follow, or that hosts could not read, can't be made")
    func impossible() throws {
        #expect(throws: TrustError.self) { try next(threshold: 3, keys: [ada, bob]) }
        #expect(throws: TrustError.self) { try next(threshold: 0, keys: [ada, bob]) }
        #expect(throws: TrustError.self) { try next(threshold: 1, keys: []) }
        #expect(throws: TrustError.self) { try next(0, keys: [ada, bob]) }
        // One key under two names would count for two people.
        #expect(throws: TrustError.self) { try next(keys: [ada, ada]) }
        #expect(throws: TrustError.self) { try Self.root(1, keys: [ada, bob], files: []) }
        #expect(throws: TrustError.self) { try Self.root(1, keys: [ada, bob], files: [builder, builder]) }
        for path in [
            "root.json", "../agent.yml", "builders/../x.json", "builders/.x.json", "builders/x", "ledgers", "/x",
        ] {
            #expect(throws: TrustError.self, "\(path)") { try TrustFile(path: path, text: builder.text) }
        }
        #expect(throws: TrustError.self) { try TrustFile(path: "builders/ci.json", text: "{}") }
        #expect(throws: TrustError.self) { try TrustFile(path: "approvers", text: "no line of that form") }
    }
}
