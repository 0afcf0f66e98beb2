/// A host report with its place in the order of its agent's reports.
package struct NumberedReport: Hashable, Codable, Sendable {
    /// Counts from 1 in one run of the agent; 0 means that there was no report yet.
    package var sequence: Int64
    package var report: HostReport

    package init(sequence: Int64, report: HostReport) {
        self.sequence = sequence
        self.report = report
    }
}
