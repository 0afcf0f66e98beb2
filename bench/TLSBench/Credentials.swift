import Foundation
import Model
import TLS

/// A throw-away fleet with one agent and one coordinator, as files for `openssl` and as contexts for us.
struct Credentials {
    let directory: String
    let server: TLSContext
    let client: TLSContext

    init() throws {
        directory = NSTemporaryDirectory() + "tls-bench-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let authority = try CertificateAuthority.create(fleet: "bench", directory: "\(directory)/ca", now: now)
        let members: [(Role, String)] = [(.agent, "server"), (.coordinator, "client")]
        var identities: [TLSIdentity] = []
        for (role, name) in members {
            let files = "\(directory)/\(name)"
            try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
            try authority.issue(role, name: name, now: now).write(to: files)
            identities.append(try TLSIdentity(certificatePath: "\(files)/cert.pem", keyPath: "\(files)/key.pem"))
        }
        server = try .server(identity: identities[0], trust: authority.anchors, accepting: [.coordinator])
        client = try .client(identity: identities[1], trust: authority.anchors, accepting: [.agent])
    }

    /// Arguments that every `openssl` command with a certificate takes.
    func arguments(_ name: String) -> [String] {
        let files = "\(directory)/\(name)"
        return [
            "-cert", "\(files)/cert.pem", "-cert_chain", "\(directory)/ca/intermediate/1/cert.pem",
            "-key", "\(files)/key.pem", "-CAfile", "\(files)/ca.pem",
        ]
    }

    func remove() {
        // Only scratch files are lost.
        try? FileManager.default.removeItem(atPath: directory)
    }
}
