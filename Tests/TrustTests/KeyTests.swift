import Foundation
import Model
import Testing

@testable import Trust

struct KeyTests {
    private let message = Array("exactly these bytes".utf8)

    @Test("A signature holds for its message and key, and for nothing else", arguments: KeyAlgorithm.allCases)
    func signAndVerify(_ algorithm: KeyAlgorithm) throws {
        let key = try SigningKey.generate(algorithm)
        let signature = try key.sign(message)
        #expect(key.publicKey.isValid(signature, on: message))
        #expect(!key.publicKey.isValid(signature, on: message + [0]))
        #expect(!key.publicKey.isValid(Array(signature.dropLast()), on: message))
        #expect(!key.publicKey.isValid([], on: message))
        for other in KeyAlgorithm.allCases {
            #expect(!(try SigningKey.generate(other)).publicKey.isValid(signature, on: message))
        }
        var flipped = signature
        flipped[signature.count / 2] ^= 1
        #expect(!key.publicKey.isValid(flipped, on: message))
    }

    @Test("An empty message can be signed", arguments: KeyAlgorithm.allCases)
    func emptyMessage(_ algorithm: KeyAlgorithm) throws {
        let key = try SigningKey.generate(algorithm)
        #expect(key.publicKey.isValid(try key.sign([]), on: []))
    }

    @Test("Keys written to files come back, private ones for their owner alone", arguments: KeyAlgorithm.allCases)
    func files(_ algorithm: KeyAlgorithm) throws {
        let scratch = try Scratch()
        let key = try SigningKey.generate(algorithm)
        try key.write(to: scratch.file("key.pem"))
        try key.publicKey.write(to: scratch.file("pub.pem"))
        #expect(try SigningKey(file: scratch.file("key.pem")).publicKey == key.publicKey)
        #expect(try VerificationKey(file: scratch.file("pub.pem")) == key.publicKey)
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.file("key.pem"))[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["key.pem", "pub.pem"])
    }

    @Test("A key that exists is never replaced")
    func noReplacement() throws {
        let scratch = try Scratch()
        try scratch.write("key.pem", Array("somebody's key".utf8))
        let error = #expect(throws: TrustError.self) {
            try SigningKey.generate().write(to: scratch.file("key.pem"))
        }
        #expect(error?.code == .fileUnwritable)
        #expect(try scratch.read("key.pem") == Array("somebody's key".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["key.pem"])
    }

    @Test("The key id is the SHA-256 that openssl computes of the DER", arguments: KeyAlgorithm.allCases)
    func keyID(_ algorithm: KeyAlgorithm) throws {
        let scratch = try Scratch()
        let key = try SigningKey.generate(algorithm).publicKey
        try key.write(to: scratch.file("pub.pem"))
        let command = "openssl pkey -pubin -in '\(scratch.file("pub.pem"))' -outform DER | sha256sum"
        #expect(try Command.run("sh", ["-c", command]).output.hasPrefix(key.id.hex))
        let text = try Command.run("openssl", ["pkey", "-pubin", "-in", scratch.file("pub.pem"), "-pubout"])
        #expect(Array(text.output.utf8) == key.pem)
    }

    @Test("openssl accepts our signatures", arguments: KeyAlgorithm.allCases)
    func opensslVerifies(_ algorithm: KeyAlgorithm) throws {
        let scratch = try Scratch()
        let key = try SigningKey.generate(algorithm)
        try key.publicKey.write(to: scratch.file("pub.pem"))
        try scratch.write("message", message)
        try scratch.write("signature", try key.sign(message))
        let result = try Command.run(
            "openssl",
            [
                "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", scratch.file("pub.pem"),
                "-in", scratch.file("message"), "-sigfile", scratch.file("signature"),
            ]
        )
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("Signature Verified Successfully"))
    }

    @Test("We accept openssl's keys and signatures", arguments: KeyAlgorithm.allCases)
    func opensslSigns(_ algorithm: KeyAlgorithm) throws {
        let scratch = try Scratch()
        let kind =
            switch algorithm {
            case .ed25519: ["-algorithm", "ED25519"]
            case .p256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
            }
        let made = try Command.run("openssl", ["genpkey"] + kind + ["-out", scratch.file("key.pem")])
        try #require(made.status == 0, "\(made.output)")
        try scratch.write("message", message)
        let signed = try Command.run(
            "openssl",
            [
                "pkeyutl", "-sign", "-rawin", "-inkey", scratch.file("key.pem"),
                "-in", scratch.file("message"), "-out", scratch.file("signature"),
            ]
        )
        try #require(signed.status == 0, "\(signed.output)")
        let key = try SigningKey(file: scratch.file("key.pem")).publicKey
        #expect(key.algorithm == algorithm)
        #expect(key.isValid(try scratch.read("signature"), on: message))
    }

    @Test(
        "Keys of other kinds, compressed points and keys with a passphrase are refused",
        arguments: [
            "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
            "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
            "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
            "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | openssl ec -conv_form compressed 2>&-",
            "openssl genpkey -algorithm ED25519 -aes256 -pass pass:secret",
            "echo no key",
        ]
    )
    func refusedKeys(_ command: String) throws {
        let scratch = try Scratch()
        let made = try Command.run("sh", ["-c", "(\(command)) > '\(scratch.file("key.pem"))' 2>&-"])
        try #require(made.status == 0)
        let error = #expect(throws: TrustError.self) { try SigningKey(file: scratch.file("key.pem")) }
        #expect(error?.code == .keyInvalid)
    }

    @Test("A private key shows itself by its public half only")
    func redacted() throws {
        let key = try SigningKey.generate()
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] { #expect(!text.contains("PRIVATE")) }
        #expect("\(key)".contains(key.publicKey.id.short))
    }

    @Test("A point that is not on the curve is no key")
    func offTheCurve() throws {
        var der = try SigningKey.generate(.p256).publicKey.der
        der[der.count - 1] ^= 1
        let error = #expect(throws: TrustError.self) { try VerificationKey(der: der) }
        #expect(error?.code == .keyInvalid)
    }

    @Test("A hybrid point is no second key of who has the usual one")
    func hybrid() throws {
        var der = try SigningKey.generate(.p256).publicKey.der
        let start = der.count - 65
        der[start] = 0x06 | der[der.count - 1] & 1
        let error = #expect(throws: TrustError.self) { try VerificationKey(der: der) }
        #expect(error?.code == .keyInvalid)
    }
}
