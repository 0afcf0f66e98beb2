import Coordinator
import Model

/// One host's agent, as machines and people get it.
struct AgentRow: Hashable, Encodable {
    let host: HostID
    let address: String
    /// Nil when the host could not be asked.
    let version: String?
    /// Older than this `fleet`.
    let isOutdated: Bool
    /// What was rolled out; nil for the agent of the host's package.
    let release: ReleaseID?
    let unreachable: String?
    let notes: [String]

    init(_ status: HostStatus) {
        host = status.host
        address = status.address
        version = status.agentVersion
        isOutdated = version.map { DebianVersion($0) < DebianVersion(FleetVersion.text) } ?? false
        release = status.report?.current?.id
        unreachable = status.unreachable
        var notes: [String] = []
        if isOutdated { notes.append("older than this fleet, \(FleetVersion.text)") }
        if let operation = status.report?.operation, operation.phase.isInFlight || operation.phase == .stuck {
            let busy = operation.awaitsIdle == true ? ", waits for it to be idle" : ""
            notes.append("\(operation.phase.rawValue) \(operation.target.version)\(busy)")
        }
        if status.report?.held != nil { notes.append("held") }
        notes += status.report?.drift ?? []
        self.notes = notes
    }

    static func table(_ rows: [Self]) -> [String] {
        var table = Table("HOST", "AGENT", "RELEASE", "NOTES")
        for row in rows {
            let notes = row.unreachable.map { ["unreachable: \($0)"] } ?? row.notes
            table.add(
                row.host.text,
                row.version ?? "-",
                row.release.map { "\($0)" } ?? "-",
                notes.joined(separator: ", ")
            )
        }
        let outdated = rows.count { $0.isOutdated }
        guard outdated > 0 else { return table.lines }
        return table.lines + ["", "\(outdated) of \(rows.count) agents are outdated; next: fleet agents upgrade"]
    }
}
