import Model
import Testing

@testable import Trust

struct SignedNoteTests {
    /// The example of golang.org/x/mod/sumdb/note, the format's first implementation.
    private static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    private static let text =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    private static let signature =
        "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

    @Test("The note of the format's first implementation is verified with its key, which is written as it was read")
    func reference() throws {
        let key = try NoteKey(parsing: Self.key)
        #expect(key.description == Self.key)
        let note = try SignedNote(parsing: Array("\(Self.text)\n\(Self.signature)\n".utf8))
        #expect(note.text == Self.text)
        try note.verify(by: key)
    }

    @Test("A changed text, and a key that nobody has signed with, are refused")
    func forged() throws {
        let key = try NoteKey(parsing: Self.key)
        let changed = "Surely \(Self.text)"
        let forged = try SignedNote(parsing: Array("\(changed)\n\(Self.signature)\n".utf8))
        let wrong = #expect(throws: TrustError.self) { try forged.verify(by: key) }
        #expect(wrong?.code == .signatureInvalid)
        let other = try NoteKey(name: "PeterNeumann", key: SigningKey.generate().publicKey)
        let note = try SignedNote(parsing: Array("\(Self.text)\n\(Self.signature)\n".utf8))
        let unknown = #expect(throws: TrustError.self) { try note.verify(by: other) }
        #expect(unknown?.code == .unknownKey)
    }

    @Test("Signatures of strangers, such as witnesses, do no harm")
    func cosigned() throws {
        let key = try NoteKey(parsing: Self.key)
        let stranger = "\u{2014} witness.example AAAAAQID"
        let note = try SignedNote(parsing: Array("\(Self.text)\n\(stranger)\n\(Self.signature)\n".utf8))
        try note.verify(by: key)
    }

    @Test(
        "What is no note is refused",
        arguments: [
            "", "\n", "text\n", "text\n\n", "text\n\n\u{2014} name\n", "text\n\n- name AAAAAAAA\n",
            "text\n\n\u{2014} name AAAA\n", "text\n\n\u{2014} name AAAAAAAA", "text\r\n\n\u{2014} name AAAAAAAA\n",
        ]
    )
    func malformed(_ note: String) {
        #expect(throws: TrustError.self) { try SignedNote(parsing: Array(note.utf8)) }
    }

    @Test(
        "A key under another name, of another kind or with a changed id is refused",
        arguments: [
            "", "PeterNeumann", "PaulNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann+c74f20a3+ARpc",
            "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ]
    )
    func wrongKey(_ text: String) {
        #expect(throws: TrustError.self) { try NoteKey(parsing: text) }
    }

    @Test("What we sign is verified by the openssl command, over exactly the note's text")
    func openssl() throws {
        let secret = try SigningKey.generate()
        let key = try NoteKey(name: "fleet/example/ledger", key: secret.publicKey)
        let note = String(decoding: try SignedNote.sign("one\ntwo\n", as: key, with: secret), as: UTF8.self)
        let line = try #require(note.split(separator: "\n").last)
        let encoded = try #require(line.split(separator: " ").last)
        let blob = try #require(Base64.decode(String(encoded)))
        let scratch = try Scratch()
        try secret.publicKey.write(to: scratch.file("key.pem"))
        let text = try scratch.write("text", Array("one\ntwo\n".utf8))
        let signature = try scratch.write("signature", Array(blob.dropFirst(4)))
        let words = ["pkeyutl", "-verify", "-pubin", "-inkey", scratch.file("key.pem"), "-rawin", "-in", text]
        let answer = try Command.run("openssl", words + ["-sigfile", signature])
        #expect(answer.output.contains("Signature Verified Successfully"))
    }
}
