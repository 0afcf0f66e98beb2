internal import CLinux
internal import Configuration
internal import Glibc
internal import Model

/// Reads what `fleet doctor` wants to know of this host.
struct HostFactsReader: Sendable {
    let host: HostID
    let clock: HostClock
    let paths: AgentPaths
    let systemd: any ServiceManager
    let identity: HostIdentity

    func read() async throws -> HostFacts {
        let certificate = await identity.validity
        var system = utsname()
        uname(&system)
        return HostFacts(
            host: host,
            bootID: clock.bootID,
            agentVersion: FleetVersion.text,
            operatingSystem: Self.operatingSystem(),
            kernel: Self.text(&system.release),
            systemd: try await systemd.version(),
            architecture: Self.text(&system.machine),
            clock: clock.wall,
            isClockSynchronised: fleet_clock_is_synchronised() != 0,
            uptime: clock.now.instant - Instant(milliseconds: 0),
            disks: try disks(),
            certificateUntil: certificate.notAfter,
            certificateSince: certificate.notBefore
        )
    }

    private func disks() throws -> [HostFacts.Disk] {
        try [paths.services, paths.state].map { path in
            let (free, total) = try Directory(path: path).space()
            return HostFacts.Disk(path: path, free: ByteCount(free), total: ByteCount(total))
        }
    }

    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// PRETTY_NAME of os-release(5); empty when there is none.
    private static func operatingSystem() -> String {
        // A host without the file is reported without a name.
        guard let bytes = try? Directory(path: "/usr/lib").read("os-release") else { return "" }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let key = "PRETTY_NAME="
        let line = lines.first { $0.hasPrefix(key) }?.dropFirst(key.count) ?? ""
        return line.filter { $0 != "\"" }
    }
}
