import Foundation
import HTTP
import TLS
import Testing

/// The client against a server that somebody else wrote.
struct PythonServerTests {
    private let directory: URL

    init() throws {
        directory = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(
            "fleet-http-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func cleanUp() { try? FileManager.default.removeItem(at: directory) }  // nothing depends on the removal

    private func write(_ name: String, _ bytes: Data) throws {
        try bytes.write(to: directory.appendingPathComponent(name))
    }

    @Test("A file of 700 KiB comes whole, a missing one is a 404")
    func files() async throws {
        defer { cleanUp() }
        let content = Data((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        try write("large.bin", content)
        let server = try PythonServer(directory: directory)
        defer { server.stop() }
        let client = HTTPClient(trust: nil)
        let whole = try await client.get(HTTPURL(parsing: "http://127.0.0.1:\(server.port)/large.bin"))
        #expect(whole.status == 200)
        #expect(Data(whole.body) == content)
        let missing = try await client.get(HTTPURL(parsing: "http://localhost:\(server.port)/missing"))
        #expect(missing.status == 404)
    }

    /// A self-signed certificate for `name`, made by the openssl command.
    private func certificate(_ name: String) throws -> [String] {
        let (file, key) = (
            directory.appendingPathComponent("cert.pem").path, directory.appendingPathComponent("key.pem").path
        )
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", key, "-out", file,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return [file, key]
    }

    @Test("https is read from a server that is believed, by name and by address")
    func https() async throws {
        defer { cleanUp() }
        try write("ok.txt", Data("ok".utf8))
        let certificate = try certificate("DNS:localhost,IP:127.0.0.1")
        let server = try PythonServer(directory: directory, certificate: certificate)
        defer { server.stop() }
        let client = HTTPClient(trust: try .only(TrustAnchors(path: certificate[0])))
        for host in ["localhost", "127.0.0.1"] {
            let response = try await client.get(HTTPURL(parsing: "https://\(host):\(server.port)/ok.txt"))
            #expect(response.status == 200)
            #expect(response.body == Array("ok".utf8))
        }
    }

    @Test("A server of another name, or of no authority that is believed, gets no request")
    func httpsRefused() async throws {
        defer { cleanUp() }
        let certificate = try certificate("DNS:elsewhere.example")
        let server = try PythonServer(directory: directory, certificate: certificate)
        defer { server.stop() }
        let trusts = [try WebTrust.only(TrustAnchors(path: certificate[0])), try WebTrust.system()]
        for trust in trusts {
            let error = await #expect(throws: HTTPError.self) {
                try await HTTPClient(trust: trust).get(HTTPURL(parsing: "https://localhost:\(server.port)/"))
            }
            #expect(error?.code == .tlsFailed)
        }
    }
}
