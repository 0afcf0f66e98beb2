/// What the present run of a service's unit uses, and how often it complains.
///
/// What systemd or journald does not say is nil: without accounting there are no figures.
package struct UnitFigures: Hashable, Codable, Sendable {
    package var unit: UnitName
    /// systemd's 32 hex digits for this run; empty when it never ran.
    package var invocation: String
    /// Since it began to start.
    package var running: TimeSpan?
    /// systemd's MemoryCurrent: of all its processes, with the page cache that they fill.
    package var memory: ByteCount?
    /// systemd's CPUUsageNSec: of all its processes since it began to start.
    package var processorTime: TimeSpan?
    /// Lines of its journal with priority err (syslog(3)) or worse.
    package var errorLines: Int?

    package init(
        unit: UnitName,
        invocation: String,
        running: TimeSpan? = nil,
        memory: ByteCount? = nil,
        processorTime: TimeSpan? = nil,
        errorLines: Int? = nil
    ) {
        self.unit = unit
        self.invocation = invocation
        self.running = running
        self.memory = memory
        self.processorTime = processorTime
        self.errorLines = errorLines
    }

    /// Processors in use on the average of the whole run; nil where it is not known.
    package var load: Double? {
        guard let running, let processorTime, running > .zero else { return nil }
        return Double(processorTime.milliseconds) / Double(running.milliseconds)
    }
}
