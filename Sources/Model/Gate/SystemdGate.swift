/// What systemd itself says of the service's unit on the hosts of the stage, as their agents report it.
package struct SystemdGate: Hashable, Codable, Sendable {
    /// Automatic restarts that a unit may have had since its release was started; systemd counts anew with each start.
    package var maxRestarts: Int
    /// Lines of priority err or worse that its present run may have written; nil means any number.
    package var maxErrorLines: Int?
    /// Its memory, as a share of the median of unchanged hosts; nil means any.
    package var maxMemory: Share?
    /// Its use of processors since it was started, as a share of the median of unchanged hosts; nil means any.
    package var maxCPU: Share?

    package init(
        maxRestarts: Int = 0,
        maxErrorLines: Int? = nil,
        maxMemory: Share? = nil,
        maxCPU: Share? = nil
    ) {
        self.maxRestarts = maxRestarts
        self.maxErrorLines = maxErrorLines
        self.maxMemory = maxMemory
        self.maxCPU = maxCPU
    }

    /// Whether it needs hosts to compare with.
    package var comparesHosts: Bool { maxMemory != nil || maxCPU != nil }
    /// Whether agents must be asked for more than they report.
    package var needsFigures: Bool { comparesHosts || maxErrorLines != nil }

    /// What must hold, on one line.
    package var demand: String {
        var parts = ["active", "result success", "at most \(maxRestarts) restarts"]
        if let maxErrorLines { parts.append("at most \(maxErrorLines) error lines") }
        if let maxMemory { parts.append("memory at most \(maxMemory) of unchanged hosts") }
        if let maxCPU { parts.append("CPU at most \(maxCPU) of unchanged hosts") }
        return parts.joined(separator: ", ")
    }
}
