import Model
import Testing

@testable import Trust

struct JoinTokenTests {
    private static let root = Digest(bytes: [UInt8](repeating: 1, count: 32))
    private static let trust = Digest(bytes: [UInt8](repeating: 2, count: 32))

    private func make() throws -> JoinToken {
        try .make(
            for: HostID(validated: "web-1"),
            of: FleetName(validated: "test"),
            root: Self.root,
            trust: Self.trust,
            until: WallTime(milliseconds: 1_800_000_000_000)
        )
    }

    private func text(_ token: JoinToken) throws -> String {
        String(decoding: try token.text().reveal(), as: UTF8.self)
    }

    @Test("A token reads as it was written, also with the line breaks of whoever pasted it")
    func text() throws {
        let token = try make()
        let text = try text(token)
        let wrapped = " \(text.prefix(50))\n\(text.dropFirst(50))\n"
        for form in [text, wrapped] {
            let read = try JoinToken(parsing: form)
            #expect(read.id == token.id && read.host == token.host && read.fleet == token.fleet)
            #expect(read.root == token.root && read.trust == token.trust && read.until == token.until)
        }
        #expect(try make().id != token.id)
    }

    @Test("What is no whole token is refused without being repeated")
    func refused() throws {
        let text = try text(make())
        for broken in ["", "hunter2", String(text.dropLast(9)), String(text.dropFirst()), text + "AAAA"] {
            let error = #expect(throws: TrustError.self) { _ = try JoinToken(parsing: broken) }
            #expect(error?.code == .joinTokenInvalid)
            #expect(broken.isEmpty || "\(error.map { "\($0)" } ?? broken)".contains(broken) == false)
        }
    }

    @Test("No way of printing shows a token's secret")
    func redacted() throws {
        let token = try make()
        let text = try text(token)
        var dumped = ""
        dump(token, to: &dumped)
        let seed = try #require(
            String(decoding: Base64.decode(String(text.dropFirst(13))) ?? [], as: UTF8.self)
                .split(separator: "\"").dropFirst(11).first
        )
        #expect(Base64.decode(String(seed))?.count == 32)
        for shown in ["\(token)", String(reflecting: token), dumped, "\(try token.text())"] {
            #expect(!shown.contains(seed) && !shown.contains(text) && !shown.contains("PRIVATE"))
        }
    }

    @Test("The seed's key is that of RFC 8032: test 1 of its section 7.1")
    func vector() throws {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
        let key = try SigningKey(seed: Secret(try Digest(parsing: seed).bytes), name: "test")
        let publicKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        #expect(try Digest(parsing: publicKey).bytes == Array(key.publicKey.der.suffix(32)))
    }

    @Test("A statement counts with the signature of its token, and as it was signed")
    func statement() throws {
        let (token, other) = (try make(), try make())
        let statement = JoinStatement(
            token,
            binding: [1, 2],
            at: WallTime(milliseconds: 5),
            request: Array("csr".utf8)
        )
        let (bytes, signature) = try statement.signed(with: token)
        #expect(try JoinStatement(bytes, signature: signature, by: token.key.publicKey) == statement)
        let changed = Array(String(decoding: bytes, as: UTF8.self).replacing("web-1", with: "web-2").utf8)
        #expect(changed != bytes)
        #expect(throws: TrustError.self) {
            _ = try JoinStatement(changed, signature: signature, by: token.key.publicKey)
        }
        #expect(throws: TrustError.self) { _ = try JoinStatement(bytes, signature: signature, by: other.key.publicKey) }
        // A signature of the key on something else is none on a statement.
        let bare = try token.key.sign(bytes)
        #expect(throws: TrustError.self) { _ = try JoinStatement(bytes, signature: bare, by: token.key.publicKey) }
    }

    @Test("The digest of trust is that of names and contents, in any order")
    func digest() throws {
        let files: [(path: String, bytes: [UInt8])] = [("a", [1]), ("b", [2])]
        let digest = try JoinToken.digest(of: files)
        #expect(try JoinToken.digest(of: files.reversed()) == digest)
        for other in [[("a", [1])], [("a", [1]), ("b", [3])], [("a", [1]), ("c", [2])], [("b", [1]), ("a", [2])]] {
            #expect(try JoinToken.digest(of: other.map { (path: $0.0, bytes: $0.1.map { UInt8($0) }) }) != digest)
        }
    }
}
