import Model
import TLS
import Testing

@testable import Coordinator

/// Values that carry private keys, printed in every way that a log or an error could.
struct KeysNotShownTests {
    /// Parts of what stands between the lines of a PEM key, as text and as the numbers of its bytes.
    private func traces(of key: [UInt8]) -> [String] {
        let text = String(decoding: key, as: UTF8.self)
        let lines = text.split(separator: "\n").dropFirst().dropLast().map(String.init)
        return ["PRIVATE KEY"] + lines + lines.map { $0.utf8.prefix(8).map { "\($0)" }.joined(separator: ", ") }
    }

    private func shown(_ value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return ["\(value)", String(reflecting: value), dumped]
    }

    @Test("Neither an issued identity nor a host's files print the key")
    func values() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let authority = try scratch.workspace.authority()
        let issued = try authority.issue(.agent, name: "web-1", now: ScratchWorkspace.now)
        let key = try #require(issued.keyPEM)
        let host = try #require(HostID("web-2"))
        let material = try HostMaterial.make(host, in: scratch.workspace, port: 7443, at: ScratchWorkspace.now)
        let file = try #require(material.files.first { $0.path.hasSuffix("key.pem") })
        let identity = try TLSIdentity(certificatePEM: Array(issued.certificatePEM.utf8), keyPEM: key.reveal())
        let credentials = try scratch.workspace.credentials()
        for (bytes, texts) in [
            (key.reveal(), shown(issued) + shown(identity) + shown(authority) + shown(credentials)),
            (file.bytes, shown(material) + shown(file)),
        ] {
            let traces = traces(of: bytes)
            #expect(traces.count > 3)
            for text in texts { for trace in traces { #expect(!text.contains(trace)) } }
        }
    }
}
