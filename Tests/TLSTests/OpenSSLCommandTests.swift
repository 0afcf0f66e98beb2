import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import TLS

/// Against the real `openssl s_client` and `s_server`.
struct OpenSSLCommandTests {
    private let fleet: ScratchFleet
    private let group = MultiThreadedEventLoopGroup.singleton

    init() throws { fleet = try ScratchFleet() }

    /// Runs `s_client` against our listener; answers its output and what our side saw.
    private func sClient(_ arguments: [String], saying text: String = "hello\n") async throws -> (
        String, [Conversation.Happening]
    ) {
        let conversation = Conversation { "you said \($0)" }
        let server = try await SocketServer.start(fleet.server(), group: group) { [conversation] }
        defer { server.channel.close(promise: nil) }
        let command = try OpenSSLCommand(["s_client", "-connect", "127.0.0.1:\(server.port)", "-quiet"] + arguments)
        // A command that was refused has closed its input already; what it printed is the evidence.
        try? command.write(text)
        let output = command.finish()
        return (output, await conversation.all())
    }

    private func credentials(_ role: Role, _ name: String) throws -> [String] {
        let files = try fleet.files(role, name)
        return [
            "-cert", "\(files)/cert.pem", "-cert_chain", fleet.intermediate, "-key", "\(files)/key.pem",
            "-CAfile", "\(files)/ca.pem",
        ]
    }

    @Test("s_client talks to our server and verifies it")
    func client() async throws {
        let arguments = try credentials(.operator, "ada") + ["-verify_return_error", "-alpn", "fleet/1"]
        let (output, seen) = try await sClient(arguments)
        #expect(output.contains("you said hello"))
        #expect(seen.peers == ["spiffe://test/operator/ada"])
        #expect(seen.codes.isEmpty)
    }

    @Test("s_client without a certificate is refused")
    func withoutCertificate() async throws {
        let (output, seen) = try await sClient(["-alpn", "fleet/1"])
        #expect(seen.codes == [.noCertificate])
        #expect(output.contains("certificate required"))
    }

    @Test("s_client with TLS 1.2 is refused")
    func oldVersion() async throws {
        let (output, seen) = try await sClient(credentials(.operator, "ada") + ["-tls1_2", "-alpn", "fleet/1"])
        #expect(seen.codes == [.protocolVersion])
        #expect(output.contains("alert protocol version"))
    }

    @Test("s_client without our application protocol is refused")
    func withoutApplicationProtocol() async throws {
        let (_, seen) = try await sClient(credentials(.operator, "ada"))
        #expect(seen.codes == [.applicationProtocol])
        #expect(seen.peers.isEmpty)
    }

    @Test("s_client with two identities in one certificate is refused")
    func twoIdentities() async throws {
        let files = try fleet.files(.operator, "ada")
        let names = "URI:spiffe://test/operator/ada,URI:spiffe://test/coordinator/c1"
        let certificate = try OpenSSLCommand([
            "req", "-x509", "-CA", fleet.intermediate, "-CAkey", fleet.intermediateKey, "-subj", "/CN=x",
            "-addext", "subjectAltName=\(names)", "-addext", "basicConstraints=critical,CA:FALSE", "-key",
            "\(files)/key.pem",
            "-out", "\(files)/two.pem",
        ])
        #expect(certificate.finish().isEmpty)
        let (_, seen) = try await sClient([
            "-cert", "\(files)/two.pem", "-cert_chain", fleet.intermediate, "-key", "\(files)/key.pem",
            "-alpn", "fleet/1",
        ])
        #expect(seen.codes == [.identityMissing])
    }

    /// Starts `s_server` on a port that the system picks.
    private func sServer(_ arguments: [String]) throws -> (command: OpenSSLCommand, port: Int) {
        let command = try OpenSSLCommand(["s_server", "-accept", "127.0.0.1:0", "-naccept", "1"] + arguments)
        let output = command.output(until: "ACCEPT 127.0.0.1:")
        let line = try #require(output.split(separator: "\n").first { $0.hasPrefix("ACCEPT 127.0.0.1:") })
        return (command, try #require(Int(line.dropFirst("ACCEPT 127.0.0.1:".count))))
    }

    @Test("Our client talks to s_server, which verifies it")
    func server() async throws {
        let arguments =
            try credentials(.agent, "web-1") + ["-Verify", "1", "-verify_return_error", "-alpn", "fleet/1", "-rev"]
        let (command, port) = try sServer(arguments)
        let conversation = Conversation()
        let context = try fleet.client().expecting(peer: "web-1")
        let channel = try await SocketServer.connect(to: port, context, group: group, handler: conversation)
        try await channel.writeAndFlush(ByteBuffer(string: "hello\n"))
        var text = ""
        for await happening in conversation.happenings {
            if case .text(let more) = happening { text += more }
            if text.contains("\n") { break }
        }
        #expect(text == "olleh\n")
        try await channel.close()
        #expect(command.finish().contains("CONNECTION CLOSED"))
    }

    @Test("Our client refuses an s_server that speaks only TLS 1.2")
    func oldServer() async throws {
        let (command, port) = try sServer(credentials(.agent, "web-1") + ["-tls1_2"])
        let conversation = Conversation()
        _ = try await SocketServer.connect(to: port, fleet.client(), group: group, handler: conversation)
        let seen = await conversation.all()
        #expect(seen.codes == [.protocolVersion])
        #expect(command.finish().contains("unsupported protocol"))
    }

    @Test(
        "The web client accepts TLS 1.2 and checks the host name",
        arguments: [("localhost", true), ("other.test", false)]
    )
    func webClient(_ row: (host: String, accepted: Bool)) async throws {
        let files = fleet.directory
        let certificate = try OpenSSLCommand([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=web",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", "\(files)/web-key.pem", "-out", "\(files)/web.pem",
        ])
        _ = certificate.finish()
        let (command, port) = try sServer([
            "-cert", "\(files)/web.pem", "-key", "\(files)/web-key.pem", "-tls1_2", "-www",
        ])
        let trust = try WebTrust.only(TrustAnchors(path: "\(files)/web.pem"))
        let conversation = Conversation()
        let context = TLSContext.webClient(host: row.host, trust: trust)
        let channel = try await SocketServer.connect(to: port, context, group: group, handler: conversation)
        channel.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.0\r\n\r\n"), promise: nil)
        let seen = await conversation.all()
        #expect(seen.text.contains("HTTP/1.0 200") == row.accepted)
        #expect(seen.codes == (row.accepted ? [] : [.wrongName]))
        _ = command.finish()
    }

    @Test("A request and a public key made elsewhere are certified, and openssl verifies the result")
    func foreignKeys() throws {
        let files = fleet.directory
        _ = try OpenSSLCommand([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=ignored",
            "-keyout", "\(files)/host-key.pem", "-out", "\(files)/host.csr",
        ]).finish()
        _ = try OpenSSLCommand(["pkey", "-in", "\(files)/host-key.pem", "-pubout", "-out", "\(files)/host.pub"])
            .finish()
        let request = Array(try Data(contentsOf: URL(fileURLWithPath: "\(files)/host.csr")))
        let publicKey = Array(try Data(contentsOf: URL(fileURLWithPath: "\(files)/host.pub")))
        for source in [SubjectKey.request(pem: request), .publicKey(pem: publicKey)] {
            let issued = try fleet.authority.issue(.agent, name: "web-7", key: source, now: ScratchFleet.now)
            #expect(issued.keyPEM == nil)
            try issued.certificatePEM.write(toFile: "\(files)/host.pem", atomically: true, encoding: .utf8)
            #expect(
                try TLSIdentity(certificatePath: "\(files)/host.pem", keyPath: "\(files)/host-key.pem").peer.name
                    == "web-7"
            )
            let verified = try OpenSSLCommand([
                "verify", "-x509_strict", "-CAfile", "\(files)/ca/ca.pem", "-untrusted", "\(files)/host.pem",
                "\(files)/host.pem",
            ])
            #expect(verified.finish().contains("host.pem: OK"))
        }
    }
}
