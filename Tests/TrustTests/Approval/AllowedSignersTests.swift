import Foundation
import Model
import Testing

@testable import Trust

struct AllowedSignersTests {
    private let keys = SSHKeys()
    private let noon = WallTime(milliseconds: 1_772_366_400_000)  // 2026-03-01T12:00:00Z

    private func parse(_ text: String) throws -> AllowedSigners {
        try AllowedSigners(parsing: Array(text.utf8), name: "f")
    }

    @Test("People, keys and comments are read; two lines that share a name are one person")
    func people() throws {
        let first = try keys.make("a1")
        let second = try keys.make("a2", ["ecdsa"])
        let third = try keys.make("b")
        let signers = try parse(
            "# team\n\nalice,alice@example.com \(first)\n alice@example.com \(second)\n\"bob\" \(third)\n"
        )
        #expect(signers.entries.map(\.person) == ["alice", "alice", "bob"])
        #expect(signers.entries.map(\.line) == [3, 4, 5])
        #expect(try signers.owner(of: keys.publicKey("a2"), namespace: "x", at: noon).person == "alice")
    }

    @Test("An unknown key is nobody's")
    func unknown() throws {
        let signers = try parse("alice \(try keys.make("a"))\n")
        _ = try keys.make("b")
        let error = try #require(throws: TrustError.self) {
            try signers.owner(of: keys.publicKey("b"), namespace: "x", at: noon)
        }
        #expect(error.code == .unknownKey)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let options: String
        let isAllowed: Bool
        var testDescription: String { options }
    }

    @Test(
        "Namespaces and dates decide as they do for ssh-keygen",
        arguments: [
            Case(options: #"namespaces="fleet-order""#, isAllowed: true),
            Case(options: #"namespaces="git,fleet-*""#, isAllowed: true),
            Case(options: #"namespaces="git""#, isAllowed: false),
            Case(options: #"namespaces="fleet-*,!fleet-order""#, isAllowed: false),
            Case(options: #"namespaces="fleet-orde?""#, isAllowed: true),
            Case(options: #"valid-after="20200101Z""#, isAllowed: true),
            Case(options: #"valid-after="20990101Z""#, isAllowed: false),
            Case(options: #"valid-before="20990101120000Z""#, isAllowed: true),
            Case(options: #"valid-before="202001011200""#, isAllowed: false),
            Case(options: #"namespaces="fleet-order",valid-after="20200101",valid-before="20990101""#, isAllowed: true),
        ]
    )
    func options(_ row: Case) throws {
        let text = "alice \(row.options) \(try keys.make("a"))\n"
        let now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let entry = try? parse(text).owner(of: keys.publicKey("a"), namespace: "fleet-order", at: now)
        #expect((entry != nil) == row.isAllowed)
        let message = Array("m".utf8)
        let signature = try keys.sign(message, with: "a")
        let theirs = try keys.accepts(signature, on: message, signers: text, person: "alice", for: "fleet-order")
        #expect(theirs == row.isAllowed, "ssh-keygen decides otherwise")
    }

    @Test("A key counts from its first to its last moment")
    func bounds() throws {
        let line = "alice valid-after=\"20260301120000Z\",valid-before=\"20260301120001Z\" \(try keys.make("a"))\n"
        let signers = try parse(line)
        let key = try keys.publicKey("a")
        for (offset, isAllowed) in [(-1, false), (0, true), (1000, true), (1001, false)] {
            let time = noon + .milliseconds(Int64(offset))
            #expect(((try? signers.owner(of: key, namespace: "x", at: time)) != nil) == isAllowed, "\(offset)")
        }
    }

    @Test(
        "A broken line fails the whole, with its number and what to write instead",
        arguments: [
            ("*@example.com KEY", "several people"),
            ("alice cert-authority KEY", "not supported"),
            ("alice namespaces=\"a\",namespaces=\"b\" KEY", "twice"),
            ("alice colour=\"red\" KEY", "namespaces="),
            ("alice valid-after=\"2026\" KEY", "YYYYMMDD"),
            ("alice valid-after=20260301 KEY", "no quotes"),
            ("alice valid-after=\"20260231Z\" KEY", "YYYYMMDD"),
            ("alice", "ends before a key"),
            ("alice ssh-ed25519", "Base64"),
            ("alice ssh-ed25519 AAAA", "ends too early"),
            ("alice \"x KEY", "quote"),
            ("carol,bob KEY", "different people"),
            ("dave SAME", "one person's"),
            ("carol ssh-rsa BLOB", "another kind"),
        ]
    )
    func broken(_ line: String, _ expected: String) throws {
        let same = try keys.make("a")
        let other = try keys.make("b")
        let new = try keys.make("c")
        let text = line.replacing("KEY", with: new).replacing("SAME", with: same)
            .replacing("BLOB", with: new.split(separator: " ")[1])
        let error = try #require(throws: TrustError.self) { try parse("carol \(same)\nbob \(other)\n\(text)\n") }
        #expect(error.code == .signersInvalid)
        #expect("\(error)".contains("f:3"), "\(error)")
        #expect(error.advice.contains(expected), "\(error)")
    }

    @Test("A file that others could change is not believed")
    func writable() throws {
        let path = try #require(keys.scratch).write("approvers", Array("alice \(try keys.make("a"))\n".utf8))
        #expect(chmod(path, 0o644) == 0)
        #expect(try AllowedSigners.load(path: path).entries.count == 1)
        #expect(chmod(path, 0o664) == 0)
        let error = try #require(throws: TrustError.self) { try AllowedSigners.load(path: path) }
        #expect(error.code == .signersInvalid)
    }
}
