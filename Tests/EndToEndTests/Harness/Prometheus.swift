import Foundation
import Glibc
import Testing

/// Debian's Prometheus in the operator's network, which scrapes the example on every host.
struct Prometheus: Sendable {
    static let port = 9090
    private let server: Child

    /// With `alerts`, failing requests of a host raise an alert, which goes to an `Alertmanager`.
    init(_ fleet: Fleet, alerts: Bool = false) async throws {
        let home = "\(fleet.directory)/prometheus"
        try? FileManager.default.removeItem(atPath: home)  // of a test before; none is as good
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        var lines = [
            "global: {scrape_interval: 500ms, evaluation_interval: 500ms}", "scrape_configs:", "  - job_name: hello",
            "    static_configs:",
        ]
        for host in 1...fleet.count {
            let target = "\(fleet.address(host)):\(Fleet.port(of: "hello"))"
            lines.append("      - {targets: [\"\(target)\"], labels: {host: h\(host)}}")
        }
        if alerts {
            lines += [
                "rule_files: [rules.yml]",
                "alerting: {alertmanagers: [{static_configs: [{targets: [\"127.0.0.1:\(Alertmanager.port)\"]}]}]}",
            ]
            try Self.rules.write(toFile: "\(home)/rules.yml", atomically: true, encoding: .utf8)
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

    private static let rules = """
        groups:
          - name: hello
            rules:
              - alert: RequestsFail
                expr: sum by (host) (rate(hello_requests_total{code="500"}[5s])) > 0
                labels: {service: hello}
                annotations: {summary: "requests to {{ $labels.host }} fail"}
              - alert: Watchdog
                expr: vector(1)

        """

    func stop() async throws {
        server.signal(SIGTERM)
        _ = try await server.end(within: .seconds(30))
    }
}
