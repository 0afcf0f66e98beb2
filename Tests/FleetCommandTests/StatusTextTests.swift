import Coordinator
import Model
import TestSupport
import Testing

@testable import FleetCommand

struct StatusTextTests {
    private static let now = WallTime(milliseconds: 1_700_000_000_000)

    private static func status(_ host: String, _ change: (inout HostStatus) -> Void) -> HostStatus {
        let service = ServiceName(validated: "hello")
        let environment = EnvironmentName(validated: "demo")
        let id = ReleaseID(version: Version(validated: "1.1"), digest: Digest(bytes: Array(repeating: 2, count: 32)))
        let before = ReleaseID(
            version: Version(validated: "1.0"),
            digest: Digest(bytes: Array(repeating: 1, count: 32))
        )
        let report = ServiceReport(
            service: service,
            environment: environment,
            current: InstalledRelease(
                id: id,
                artifact: id.digest,
                source: SourceRevision(repository: "git+https://git.example.com/hello", revision: "0123456789abcdef"),
                since: now + .hours(-3),
                isConfirmed: true
            ),
            previous: InstalledRelease(id: before, artifact: before.digest),
            health: .healthy
        )
        var status = HostStatus(
            host: HostID(validated: host),
            address: host,
            service: service,
            environment: environment,
            report: report
        )
        change(&status)
        return status
    }

    @Test("Status shows each host with version, revision, health, age, and what is special about it")
    func table() throws {
        let hosts = [
            Self.status("h1") { _ in },
            Self.status("h2") { $0.report?.health = .unhealthy(reason: "http answered 500") },
            Self.status("h3") {
                $0.report?.held = "agent rollback by root"
                $0.report?.drift = ["changed: bin/hello"]
            },
            Self.status("h4") {
                $0.report = nil
                $0.unreachable = "no connection within 3 seconds"
            },
            Self.status("h5") { $0.report = nil },
        ]
        #expect(
            try Golden.difference(
                StatusText(hosts, at: Self.now).lines.joined(separator: "\n") + "\n",
                "rendering/status.txt"
            ) == nil
        )
    }

    @Test("Each host's trust root is shown, and an emergency asks for its review once, however many hosts it touched")
    func trustAndReviews() throws {
        let broken = BrokenGlass(
            record: 57,
            key: Digest(bytes: Array(repeating: 7, count: 32)),
            by: "night",
            at: Self.now,
            service: ServiceName(validated: "hello"),
            environment: EnvironmentName(validated: "demo"),
            reason: "outage"
        )
        let root = TrustState(version: 3, digest: Digest(bytes: Array(repeating: 8, count: 32)))
        let hosts = ["h1", "h2"].map { name in
            Self.status(name) {
                $0.trust = root
                $0.openReviews = [broken]
            }
        }
        let lines = StatusText(hosts, at: Self.now).lines
        #expect(lines.count { $0.hasSuffix("trust root 3") } == 2)
        #expect(lines.count { $0.contains("fleet audit review 57") } == 1)
        #expect(lines.contains { $0.contains("night has broken the glass for hello in demo") && $0.contains("outage") })
    }
}
