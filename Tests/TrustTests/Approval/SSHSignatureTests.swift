import Foundation
import Model
import TestSupport
import Testing

@testable import Trust

struct SSHSignatureTests {
    private let keys = SSHKeys()
    private let message = Array("an order".utf8)

    @Test(
        "A signature of ssh-keygen holds on its message and on nothing else",
        arguments: [
            ["ed25519"], ["ecdsa", "-b", "256"], ["ecdsa", "-b", "384"], ["ecdsa", "-b", "521"], ["rsa", "-b", "2048"],
        ],
        ["sha256", "sha512"]
    )
    func real(_ kind: [String], _ hash: String) throws {
        _ = try keys.make("alice", kind)
        let signature = try SSHSignature(armored: keys.sign(message, with: "alice", hash: hash))
        #expect(signature.namespace == "fleet-order")
        #expect(try signature.key == keys.publicKey("alice"))
        #expect(try signature.isValid(on: message))
        #expect(try !signature.isValid(on: message + [0]))
        let fingerprint = try Command.run("ssh-keygen", ["-l", "-f", keys.file("alice.pub")]).output
        #expect(fingerprint.contains(signature.key.fingerprint))
    }

    @Test("A security key's signature needs a touch", arguments: [KeyAlgorithm.ed25519, .p256])
    func securityKey(_ algorithm: KeyAlgorithm) throws {
        let token = try SoftwareToken(algorithm)
        let touched = try token.sign(message, flags: 0x01)
        let signers = "alice \(token.line)\n"
        let accepted = try keys.accepts(touched, on: message, signers: signers, person: "alice", for: "fleet-order")
        try #require(accepted, "ssh-keygen refuses what this test makes")
        #expect(try SSHSignature(armored: touched).isValid(on: message))
        #expect(try !SSHSignature(armored: touched).isValid(on: message + [0]))

        let untouched = try SSHSignature(armored: token.sign(message, flags: 0x00))
        let error = try #require(throws: TrustError.self) { try untouched.isValid(on: message) }
        #expect(error.advice.contains("touch"))
    }

    @Test("Short RSA keys and signatures over SHA-1 are refused")
    func weak() throws {
        _ = try keys.make("short", ["rsa", "-b", "1024"])
        let short = try #require(throws: TrustError.self) { try keys.publicKey("short") }
        #expect(short.code == .keyInvalid)
        _ = try keys.make("long", ["rsa", "-b", "2048"])
        let old = [UInt8].sshString("ssh-rsa".utf8) + .sshString([1, 2, 3])
        let error = try #require(throws: TrustError.self) {
            try keys.publicKey("long").isValid(old, on: message, name: "old")
        }
        #expect(error.advice.contains("rsa-sha2-512"))
    }

    @Test("Damaged signatures are refused or do not hold, and never trap")
    func damage() throws {
        let seed = SeededGenerator.seedOfRun
        print("SSHSignatureTests.damage SEED=\(seed)")
        var generator = SeededGenerator(seed: seed)
        for kind in [["ed25519"], ["ecdsa"], ["rsa", "-b", "2048"]] {
            _ = try keys.make(kind[0], kind)
            let armored = try keys.sign(message, with: kind[0])
            let lines = String(decoding: armored, as: UTF8.self).split(separator: "\n")
            let blob = try #require(Base64.decode(lines.dropFirst().dropLast().joined()))
            for round in 0..<1000 {
                var bytes = blob
                if round < blob.count {
                    bytes = Array(blob[..<round])
                } else {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                        1 << UInt8.random(in: 0..<8, using: &generator)
                }
                let text = SoftwareToken.armored(bytes)
                // A change in the namespace, or in what is reserved, is signed, too: nothing else may hold.
                let holds = (try? SSHSignature(armored: text).isValid(on: message)) ?? false
                #expect(!holds, "SEED=\(seed)")
            }
        }
    }

    @Test(
        "What is no signature is refused with what was expected",
        arguments: [
            "", "text", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
            "-----BEGIN SSH SIGNATURE-----\n!\n-----END SSH SIGNATURE-----",
        ]
    )
    func malformed(_ text: String) throws {
        let error = try #require(throws: TrustError.self) { try SSHSignature(armored: Array(text.utf8)) }
        #expect(error.code == .signatureInvalid)
    }
}
