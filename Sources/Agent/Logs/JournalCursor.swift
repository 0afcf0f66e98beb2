internal import CSystemd
internal import Glibc
internal import Model

/// An open journal, restricted to the messages of one unit (sd-journal(3)); for one thread.
final class JournalCursor {
    private let journal: OpaquePointer

    /// Lines that are handed over at once.
    private static let chunk = 200
    /// Longest wait for new lines, in microseconds; bounds how late an end is noticed.
    private static let patience: UInt64 = 500_000

    /// Nil when the journal can't be read.
    init?(unit: UnitName) {
        var opened: OpaquePointer?
        guard sd_journal_open(&opened, CInt(SD_JOURNAL_LOCAL_ONLY)) >= 0, let opened else { return nil }
        journal = opened
        _ = sd_journal_add_match(journal, "_SYSTEMD_UNIT=\(unit)", 0)
        _ = sd_journal_add_disjunction(journal)
        _ = sd_journal_add_match(journal, "_PID=1", 0)
        _ = sd_journal_add_match(journal, "UNIT=\(unit)", 0)
    }

    deinit { sd_journal_close(journal) }

    /// Hands over the last `past` lines, then, if asked, each new one until `isOver`.
    func read(past: Int, follow: Bool, until isOver: () -> Bool, _ deliver: ([LogLine]) -> Void) {
        _ = sd_journal_seek_tail(journal)
        _ = sd_journal_previous_skip(journal, UInt64(max(past, 0) + 1))
        // With fewer lines than asked for, the cursor stands on the first, which is wanted too.
        if past > 0, let first = firstIfWanted(past: past) { deliver([first]) }
        while !isOver() {
            let lines = nextLines()
            if !lines.isEmpty { deliver(lines) }
            guard lines.count < Self.chunk else { continue }
            guard follow else { return }
            _ = sd_journal_wait(journal, Self.patience)
        }
    }

    private func firstIfWanted(past: Int) -> LogLine? {
        var count = 0
        while sd_journal_previous(journal) > 0 { count += 1 }
        guard count == 0 else {
            _ = sd_journal_next_skip(journal, UInt64(count))
            return nil
        }
        return line()
    }

    private func nextLines() -> [LogLine] {
        var lines: [LogLine] = []
        while lines.count < Self.chunk, sd_journal_next(journal) > 0 {
            if let line = line() { lines.append(line) }
        }
        return lines
    }

    private func line() -> LogLine? {
        guard let text = field("MESSAGE") else { return nil }
        var microseconds: UInt64 = 0
        _ = sd_journal_get_realtime_usec(journal, &microseconds)
        return LogLine(
            at: WallTime(milliseconds: Int64(microseconds / 1000)),
            unit: field("_SYSTEMD_UNIT") ?? field("UNIT") ?? "",
            priority: field("PRIORITY").flatMap(Int.init) ?? 6,
            text: text
        )
    }

    private func field(_ name: String) -> String? {
        var data: UnsafeRawPointer?
        var length = 0
        guard sd_journal_get_data(journal, name, &data, &length) >= 0, let data else { return nil }
        let bytes = UnsafeRawBufferPointer(start: data, count: length).dropFirst(name.utf8.count + 1)
        return String(decoding: bytes, as: UTF8.self)
    }
}
