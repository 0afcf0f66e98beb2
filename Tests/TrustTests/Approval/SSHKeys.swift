import Foundation
import Testing

@testable import Trust

/// Keys and signatures that the real `ssh-keygen` makes.
final class SSHKeys {
    let scratch = try? Scratch()

    func file(_ name: String) throws -> String { try #require(scratch).file(name) }

    /// Makes a key pair and answers the line of its public key.
    func make(_ name: String, _ kind: [String] = ["ed25519"]) throws -> String {
        try run(["-q", "-N", "", "-C", name, "-f", try file(name), "-t"] + kind)
        return try String(contentsOfFile: file("\(name).pub"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func publicKey(_ name: String) throws -> SSHPublicKey {
        let words = try String(contentsOfFile: file("\(name).pub"), encoding: .utf8).split(separator: " ")
        return try SSHPublicKey(blob: try #require(Base64.decode(String(words[1]))))
    }

    func sign(
        _ message: [UInt8],
        with name: String,
        for namespace: String = ApprovalPolicy.namespace,
        hash: String = "sha512"
    ) throws -> [UInt8] {
        let path = try #require(scratch).write("message", message)
        try? FileManager.default.removeItem(atPath: "\(path).sig")  // there is one only after an earlier signature
        try run(["-Y", "sign", "-f", try file(name), "-n", namespace, "-O", "hashalg=\(hash)", path])
        return try #require(scratch).read("message.sig")
    }

    /// What ssh-keygen itself thinks of a signature.
    func accepts(_ signature: [UInt8], on message: [UInt8], signers: String, person: String, for namespace: String)
        throws
        -> Bool
    {
        let scratch = try #require(scratch)
        let list = try scratch.write("signers", Array(signers.utf8))
        let path = try scratch.write("signature", signature)
        let input = try scratch.write("input", message)
        let command = "exec ssh-keygen -Y verify -f '\(list)' -I '\(person)' -n '\(namespace)' -s '\(path)' <'\(input)'"
        return try Command.run("sh", ["-c", command]).status == 0
    }

    private func run(_ arguments: [String]) throws {
        let result = try Command.run("ssh-keygen", arguments)
        try #require(result.status == 0, "\(result.output)")
    }
}
