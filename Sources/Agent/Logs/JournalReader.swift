internal import Artifacts
internal import CSystemd
internal import Glibc
package import Model

/// Reads the systemd journal (sd-journal(3)), which blocks, on threads of its own.
package struct JournalReader: Sendable {
    let sync: JournalSync

    package init() { self.init(sync: JournalSync()) }

    init(sync: JournalSync) { self.sync = sync }

    /// The last lines of one run of a unit, oldest first.
    ///
    /// - Parameters:
    ///   - unit: Its messages, and systemd's own about it.
    ///   - invocation: Restricts to one run when it is not empty.
    ///   - runs: That run and how many before it, itself included.
    ///   - limit: Number of lines.
    /// - Returns: An empty list when the journal can't be read: evidence is help, never a condition.
    package func tail(_ unit: UnitName, invocation: String, runs: Int = 1, limit: Int) async -> [String] {
        await BlockingThread.run {
            sync.wait()
            return read(unit, invocation: invocation, runs: runs, limit: limit)
        }
    }

    private func read(_ unit: UnitName, invocation: String, runs: Int, limit: Int) -> [String] {
        var opened: OpaquePointer?
        guard sd_journal_open(&opened, CInt(SD_JOURNAL_LOCAL_ONLY)) >= 0, let journal = opened else { return [] }
        defer { sd_journal_close(journal) }
        match(journal, unit)
        guard sd_journal_seek_tail(journal) >= 0 else { return [] }
        var lines: [String] = []
        var isInside = false
        var wanted = invocation
        var left = runs
        while lines.count < limit, sd_journal_previous(journal) > 0 {
            // The last words of a process that is gone before journald has looked at it belong to no invocation by name,
            // but by their place: between the lines of theirs.
            if !wanted.isEmpty, let run = run(journal) {
                if run != wanted, isInside {
                    left -= 1
                    guard left > 0 else { break }
                    wanted = run
                }
                guard run == wanted else {
                    lines = []
                    continue
                }
                isInside = true
            }
            if let line = message(journal) { lines.append(line) }
        }
        return lines.reversed()
    }

    /// The invocation that wrote a line, or that systemd's line is about.
    private func run(_ journal: OpaquePointer) -> String? {
        field(journal, "_SYSTEMD_INVOCATION_ID") ?? field(journal, "INVOCATION_ID")
    }

    /// The unit's own lines, or systemd's lines about it.
    private func match(_ journal: OpaquePointer, _ unit: UnitName) {
        add(journal, "_SYSTEMD_UNIT=\(unit)")
        sd_journal_add_disjunction(journal)
        add(journal, "_PID=1")
        add(journal, "UNIT=\(unit)")
    }

    func add(_ journal: OpaquePointer, _ match: String) {
        _ = match.withCString { sd_journal_add_match(journal, $0, 0) }  // only fails without memory
    }

    private func message(_ journal: OpaquePointer) -> String? { field(journal, "MESSAGE") }

    private func field(_ journal: OpaquePointer, _ name: String) -> String? {
        var data: UnsafeRawPointer?
        var length = 0
        guard sd_journal_get_data(journal, name, &data, &length) >= 0, let data else { return nil }
        let bytes = UnsafeRawBufferPointer(start: data, count: length).dropFirst(name.utf8.count + 1)
        return String(decoding: bytes.prefix(Self.longestLine), as: UTF8.self)
    }

    /// Bytes of one line that are kept; evidence is read by people.
    private static let longestLine = 2000
}
