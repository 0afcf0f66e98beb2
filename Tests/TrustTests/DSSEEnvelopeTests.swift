import Model
import Testing

@testable import Trust

struct DSSEEnvelopeTests {
    private func sample() -> DSSEEnvelope {
        DSSEEnvelope(payloadType: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
    }

    @Test("The pre-authentication encoding is the one of the specification's test vector")
    func preAuthenticationEncoding() {
        let expected = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        #expect(String(decoding: sample().signedBytes, as: UTF8.self) == expected)
    }

    @Test("Lengths in the pre-authentication encoding count bytes, not characters")
    func lengths() {
        let envelope = DSSEEnvelope(payloadType: "é", payload: [])
        #expect(envelope.signedBytes == Array("DSSEv1 2 é 0 ".utf8))
    }

    @Test("What is signed, written and read again verifies to the same bytes", arguments: KeyAlgorithm.allCases)
    func roundTrip(_ algorithm: KeyAlgorithm) throws {
        let key = try SigningKey.generate(algorithm)
        var envelope = sample()
        try envelope.sign(with: key)
        let read = try DSSEEnvelope(json: try envelope.json())
        #expect(read == envelope)
        let verified = try read.verify(with: [key.publicKey])
        #expect(verified.bytes == Array("hello world".utf8))
        #expect(verified.type == "http://example.com/HelloWorld")
    }

    @Test("The payload type is signed too")
    func typeIsSigned() throws {
        let key = try SigningKey.generate()
        var envelope = sample()
        try envelope.sign(with: key)
        let other = DSSEEnvelope(payloadType: "other", payload: envelope.payload, signatures: envelope.signatures)
        #expect(throws: TrustError.self) { try other.verify(with: [key.publicKey]) }
    }

    @Test("A threshold counts distinct keys, however often each has signed")
    func threshold() throws {
        let (first, second) = (try SigningKey.generate(.ed25519), try SigningKey.generate(.p256))
        var envelope = sample()
        for _ in 0..<3 { try envelope.sign(with: second) }
        let keys = [first.publicKey, second.publicKey, second.publicKey]
        let error = #expect(throws: TrustError.self) { try envelope.verify(with: keys, threshold: 2) }
        #expect(error?.code == .belowThreshold)
        try envelope.sign(with: first)
        #expect(try envelope.verify(with: keys, threshold: 2).signers.count == 2)
    }

    @Test("A key id is a hint: a wrong, foreign or missing one changes nothing")
    func keyIDs() throws {
        let key = try SigningKey.generate()
        let bytes = try key.sign(sample().signedBytes)
        for hint in [nil, "", "somebody else"] as [String?] {
            let signature = DSSEEnvelope.Signature(keyID: hint, bytes: bytes)
            let envelope = DSSEEnvelope(
                payloadType: "http://example.com/HelloWorld",
                payload: Array("hello world".utf8),
                signatures: [signature]
            )
            #expect(try envelope.verify(with: [key.publicKey]).signers == [key.publicKey])
        }
        let stranger = try SigningKey.generate()
        var forged = DSSEEnvelope(payloadType: "t", payload: [1])
        try forged.sign(with: stranger)
        let lying = DSSEEnvelope.Signature(keyID: key.publicKey.id.hex, bytes: forged.signatures[0].bytes)
        let envelope = DSSEEnvelope(payloadType: "t", payload: [1], signatures: [lying])
        let error = #expect(throws: TrustError.self) { try envelope.verify(with: [key.publicKey]) }
        #expect(error?.code == .unknownKey)
    }

    @Test("An envelope without signatures is unsigned")
    func unsigned() {
        let error = #expect(throws: TrustError.self) { try sample().verify(with: []) }
        #expect(error?.code == .unsigned)
    }

    @Test("Both base64 alphabets are read, unknown members are ignored")
    func alphabets() throws {
        let text =
            #"{"payload":"-_8=","payloadType":"t","signatures":[{"keyid":null,"sig":"-_8","x":1}],"extra":[1.5]}"#
        let envelope = try DSSEEnvelope(json: Array(text.utf8))
        #expect(envelope.payload == [0xFB, 0xFF])
        #expect(envelope.signatures == [DSSEEnvelope.Signature(keyID: nil, bytes: [0xFB, 0xFF])])
    }

    @Test(
        "Broken envelopes are refused",
        arguments: [
            "", "[]", "{}", #"{"payload":"AA==","payloadType":"t"}"#,
            #"{"payload":"A","payloadType":"t","signatures":[]}"#,
            #"{"payload":"AA==","payloadType":1,"signatures":[]}"#,
            #"{"payload":"AA==","payloadType":"t","signatures":[{}]}"#,
            #"{"payload":"AA==","payloadType":"t","signatures":[{"sig":""}]}"#,
            #"{"payload":"AA==","payloadType":"t","signatures":[{"sig":"AA==","keyid":1}]}"#,
            #"{"payload":"AA==","payload":"AQ==","payloadType":"t","signatures":[]}"#,
        ]
    )
    func refused(_ text: String) {
        let error = #expect(throws: TrustError.self) { try DSSEEnvelope(json: Array(text.utf8)) }
        #expect(error?.code == .envelopeInvalid)
    }

    /// A bundle around `envelope`, as cosign writes one that was made with a key.
    private func bundle(_ envelope: DSSEEnvelope, version: String = ".v0.3+json") throws -> [UInt8] {
        let inner = String(decoding: try envelope.json(), as: UTF8.self)
        let type = "application/vnd.dev.sigstore.bundle\(version)"
        let material = #"{"publicKey": {"hint": "k"}, "tlogEntries": []}"#
        return Array(
            #"{"mediaType": "\#(type)", "verificationMaterial": \#(material), "dsseEnvelope": \#(inner)}"#.utf8
        )
    }

    @Test("A Sigstore bundle is as good as the envelope in it")
    func sigstore() throws {
        let key = try SigningKey.generate(.p256)
        var envelope = sample()
        try envelope.sign(with: key)
        let read = try DSSEEnvelope(json: bundle(envelope))
        #expect(try read.verify(with: [key.publicKey]).bytes == envelope.payload)
        #expect(throws: TrustError.self) { try read.verify(with: [SigningKey.generate().publicKey]) }

        let old = try #require(throws: TrustError.self) {
            try DSSEEnvelope(json: bundle(envelope, version: "+json;version=0.1"))
        }
        #expect(old.advice.contains(".v0.3+json"), "\(old)")
        let bare =
            #"{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "messageSignature": {"signature": "AA=="}}"#
        let error = try #require(throws: TrustError.self) { try DSSEEnvelope(json: Array(bare.utf8)) }
        #expect(error.advice.contains("attest the artifact"), "\(error)")
    }

    @Test("More signatures than a sane envelope has are refused unchecked")
    func tooMany() throws {
        let signatures = (0..<33).map { DSSEEnvelope.Signature(keyID: nil, bytes: [$0]) }
        let bytes = try DSSEEnvelope(payloadType: "t", payload: [], signatures: signatures).json()
        #expect(throws: TrustError.self) { try DSSEEnvelope(json: bytes) }
    }
}
