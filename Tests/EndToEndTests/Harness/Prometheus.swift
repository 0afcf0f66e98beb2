import Foundation
import Glibc
import Testing

/// Debian's Prometheus in the operator's network, which scrapes the example on every host.
struct Prometheus: Sendable {
    static let port = 9090
    private let server: Child

    init(_ fleet: Fleet) async throws {
        let home = "\(fleet.directory)/prometheus"
        try? FileManager.default.removeItem(atPath: home)  // of a test before; none is as good
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        var lines = [
            "global: {scrape_interval: 500ms}", "scrape_configs:", "  - job_name: hello", "    static_configs:",
        ]
        for host in 1...fleet.count {
            let target = "\(fleet.address(host)):\(Fleet.port(of: "hello"))"
            lines.append("      - {targets: [\"\(target)\"], labels: {host: h\(host)}}")
        }
        try lines.joined(separator: "\n").write(toFile: "\(home)/prometheus.yml", atomically: true, encoding: .utf8)
        let server = try fleet.beside(
            [
                "prometheus", "--config.file=\(home)/prometheus.yml", "--storage.tsdb.path=\(home)/data",
                "--web.listen-address=127.0.0.1:\(Self.port)", "--log.level=info",
            ],
            subject: "prometheus"
        )
        self.server = server
        try await fleet.waits(for: "Server is ready", from: server)
    }

    func stop() async throws {
        server.signal(SIGTERM)
        _ = try await server.end(within: .seconds(30))
    }
}
