internal import Activation
package import Configuration
package import Model
internal import Storage

/// What an agent wrote down last, read without disturbing anything; for when none runs.
package enum StoredStatus {
    package static func read(_ configuration: AgentConfiguration) async throws -> HostReport {
        let paths = configuration.paths
        let thread = DedicatedThread(name: "host")
        defer { thread.stop() }
        let journal = try AgentJournal(path: paths.database, thread: thread, access: .readOnly)
        let machines = try await journal.machines().map(\.machine)
        return HostReport(
            host: configuration.host,
            bootID: "",
            agentVersion: "not running",
            at: HostClock(bootID: "").wall,
            freeDisk: ByteCount(try Directory(path: paths.services).freeBytes()),
            services: machines.map(\.report)
        )
    }
}
