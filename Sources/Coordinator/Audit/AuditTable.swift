internal import Model
internal import Trust

/// Records as rows of comma-separated values (RFC 4180).
///
/// Columns are read from the record's own members, so that a kind that this version does not know has its row, too.
enum AuditTable {
    private static let columns = [
        "kind", "by", "from", "rollout", "service", "environment", "plan", "hosts", "before", "after", "outcome", "why",
        "asked",
    ]

    static var header: String { line(["sequence", "at"] + columns + ["record"]) }

    /// The row of one record, given as its exact bytes.
    static func row(_ record: [UInt8], sequence: Int64) -> String {
        let text = String(decoding: record, as: UTF8.self)
        // A record is exported whatever it is: what can't be read has empty cells beside its text.
        let value = (try? JSONValue(parsing: record)) ?? .null
        let at: String =
            if case .integer(let time)? = value["at"] { WallTime(milliseconds: time).rfc3339 } else { "" }
        return line(["\(sequence)", at] + columns.map { harmless(cell(value[$0])) } + [text])
    }

    private static func cell(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text)?: text
        case .integer(let number)?: "\(number)"
        case .array(let elements)?: elements.map { cell($0) }.joined(separator: " ")
        case .bool(let isTrue)?: "\(isTrue)"
        case .decimal(let text)?: text
        case .object?, .null?, nil: ""
        }
    }

    /// A reason that somebody has typed must not become a formula in the auditor's spreadsheet (OWASP, "CSV Injection").
    private static func harmless(_ cell: String) -> String {
        guard let first = cell.utf8.first, "=+-@\t\r".utf8.contains(first) else { return cell }
        return "'\(cell)"
    }

    private static func line(_ cells: [String]) -> String {
        cells.map { cell in
            let isPlain = !cell.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
            let doubled = cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            return isPlain ? cell : "\"\(doubled)\""
        }.joined(separator: ",") + "\r\n"
    }
}
