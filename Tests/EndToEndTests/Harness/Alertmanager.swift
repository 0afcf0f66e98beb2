import Foundation
import Glibc
import Testing

/// Debian's Alertmanager in the operator's network, which tells nobody.
struct Alertmanager: Sendable {
    static let port = 9093
    private let server: Child

    init(_ fleet: Fleet) async throws {
        let home = "\(fleet.directory)/alertmanager"
        try? FileManager.default.removeItem(atPath: home)  // of a test before; none is as good
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let file = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
        try file.write(toFile: "\(home)/alertmanager.yml", atomically: true, encoding: .utf8)
        let server = try fleet.beside(
            [
                "prometheus-alertmanager", "--config.file=\(home)/alertmanager.yml", "--storage.path=\(home)/data",
                "--web.listen-address=127.0.0.1:\(Self.port)", "--cluster.listen-address=",
            ],
            subject: "alertmanager"
        )
        self.server = server
        try await fleet.waits(for: "Listening on", from: server)
    }

    func stop() async throws {
        server.signal(SIGTERM)
        _ = try await server.end(within: .seconds(30))
    }
}
