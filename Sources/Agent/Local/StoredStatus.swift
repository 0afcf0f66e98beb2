internal import Activation
package import Configuration
package import Model
internal import Storage

/// What an agent wrote down last, beside what can be seen without one; for when none runs.
///
/// Links and units are looked at now. Nobody has asked the service itself, so its health is unknown.
package enum StoredStatus {
    /// Reads without changing anything; `way` is how systemd is reached.
    package static func read(_ configuration: AgentConfiguration, way: BusAddress = .systemBus) async throws
        -> HostReport
    {
        let paths = configuration.paths
        let thread = DedicatedThread(name: "fleet-status")
        defer { thread.stop() }
        let journal = try AgentJournal(path: paths.database, thread: thread, access: .readOnly)
        let systemd = try? Systemd(by: way)  // without it no unit is shown
        defer { systemd?.close() }
        var services: [ServiceReport] = []
        for machine in try await journal.machines().map(\.machine) {
            services.append(await report(of: machine, paths, systemd))
        }
        return HostReport(
            host: configuration.host,
            bootID: "",
            agentVersion: "not running",
            at: HostClock(bootID: "").wall,
            freeDisk: ByteCount(try Directory(path: paths.services).freeBytes()),
            services: services,
            ledgerRefusal: try await journal.ledgerRefusal()
        )
    }

    private static func report(of machine: ServiceMachine, _ paths: AgentPaths, _ systemd: Systemd?) async
        -> ServiceReport
    {
        var report = machine.report
        report.health = .unknown
        report.checks = []
        let linked = linked(machine.service, paths)
        let current = machine.installedReleases.first { $0.id.description == linked }
        if current?.id != report.current?.id || linked != nil && current == nil {
            let written = report.current?.id.description ?? "nothing"
            report.drift.append("current names \(linked ?? "nothing"), the agent wrote down \(written)")
        }
        report.current = current
        report.unit = nil
        if let unit = machine.linkedDeployment?.unit, let systemd {
            // Unreadable is not shown.
            report.unit = try? await systemd.inspect(unit).state
        }
        return report
    }

    /// The name of the directory that `current` points to; nil also for a link that can't be read.
    private static func linked(_ service: ServiceName, _ paths: AgentPaths) -> String? {
        guard let target = try? Directory(path: paths.service(service)).link(ReleaseStore.current) else { return nil }
        return target.split(separator: "/").last.map(String.init)
    }
}
