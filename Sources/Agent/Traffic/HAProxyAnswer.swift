internal import Activation

/// What HAProxy says to `show servers state` and `show stat`: tables whose columns have names (management guide, 9.1, 9.3).
struct HAProxyAnswer {
    private let lines: [Substring]

    init(_ text: String) { lines = text.split(whereSeparator: \.isNewline) }

    /// - Throws: `Failure` with HAProxy's own words where it has no such server.
    func state(of server: TrafficServer) throws -> TrafficState {
        guard let state = row("# be_id ", " ", where: ["be_name": server.backend, "srv_name": server.name]),
            let operation = number(state, "srv_op_state"), let admin = number(state, "srv_admin_state")
        else { throw missing(server) }
        guard let counts = row("# pxname,", ",", where: ["pxname": server.backend, "svname": server.name]),
            let current = number(counts, "scur"), let queued = number(counts, "qcur")
        else { throw missing(server) }
        return TrafficState(
            server: server,
            admission: Self.admission(admin),
            isUp: Self.running.contains(operation),
            sessions: current + queued
        )
    }

    private func missing(_ server: TrafficServer) -> any Error {
        let words = lines.first { !$0.hasPrefix("#") && Int($0) == nil } ?? lines.first ?? ""
        let found = lines.count > 2 ? "" : "; it says '\(words)'"
        return HAProxyRuntime.failure("has no server \(server.backend)/\(server.name)\(found)", server.address)
    }

    /// `srv_op_state`: starting slowly, or running; a server without checks always is.
    private static let running = 1...2

    /// `srv_admin_state`: forced, inherited and by name resolution; what the file says it began with does not count.
    private static func admission(_ flags: Int) -> TrafficState.Admission {
        if flags & 0x23 != 0 { return .maintenance }
        return flags & 0x18 != 0 ? .drain : .ready
    }

    private func number(_ row: [Substring: Substring], _ column: Substring) -> Int? { row[column].flatMap { Int($0) } }

    /// The row below the header that begins with `start` which has these values.
    private func row(
        _ start: String,
        _ separator: Character,
        where values: [Substring: String]
    ) -> [Substring: Substring]? {
        guard let header = lines.firstIndex(where: { $0.hasPrefix(start) }) else { return nil }
        let columns = lines[header].dropFirst(2).split(separator: separator, omittingEmptySubsequences: false)
        for line in lines[(header + 1)...] where !line.hasPrefix("#") {
            let cells = line.split(separator: separator, omittingEmptySubsequences: false)
            let row = Dictionary(zip(columns, cells)) { first, _ in first }
            if values.allSatisfy({ row[$0.key].map(String.init) == $0.value }) { return row }
        }
        return nil
    }
}
