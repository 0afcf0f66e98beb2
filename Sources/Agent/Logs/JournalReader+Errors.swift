internal import Artifacts
internal import CSystemd
package import Model

extension JournalReader {
    /// Lines that are counted at most; who complains that often is not well.
    private static let mostErrors = 10_000
    /// syslog(3): emerg, alert, crit and err.
    private static let errors = 0...3

    /// How many lines of priority err or worse one run of a unit has written, or systemd about it.
    ///
    /// - Returns: At most 10,000; nil when the journal can't be read, or the run has no name.
    package func errorLines(_ unit: UnitName, invocation: String) async -> Int? {
        guard !invocation.isEmpty else { return nil }
        return await BlockingThread.run {
            sync.wait()
            return count(invocation)
        }
    }

    private func count(_ invocation: String) -> Int? {
        var opened: OpaquePointer?
        guard sd_journal_open(&opened, CInt(SD_JOURNAL_LOCAL_ONLY)) >= 0, let journal = opened else { return nil }
        defer { sd_journal_close(journal) }
        // Matches of one field are alternatives, and those of several must all hold (sd_journal_add_match(3)).
        add(journal, "_SYSTEMD_INVOCATION_ID=\(invocation)")
        for priority in Self.errors { add(journal, "PRIORITY=\(priority)") }
        sd_journal_add_disjunction(journal)
        add(journal, "_PID=1")
        add(journal, "INVOCATION_ID=\(invocation)")
        for priority in Self.errors { add(journal, "PRIORITY=\(priority)") }
        guard sd_journal_seek_head(journal) >= 0 else { return nil }
        var count = 0
        while count < Self.mostErrors {
            let next = sd_journal_next(journal)
            guard next >= 0 else { return nil }
            guard next > 0 else { break }
            count += 1
        }
        return count
    }
}
