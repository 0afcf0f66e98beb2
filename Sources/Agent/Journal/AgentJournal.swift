internal import Activation
internal import Configuration
internal import FoundationEssentials
internal import Model
internal import Storage

/// What an agent remembers: the state of every service's machine, and the history of their changes.
///
/// One transaction holds a machine's new state and the history that came with it. All of it runs on the host's thread.
actor AgentJournal {
    let database: Database
    private let thread: DedicatedThread

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// "FLAG": a Fleet agent's journal.
    static let schema = Schema(
        applicationID: 0x464C_4147,
        migrations: [
            Migration(
                name: "create_machines",
                sql: """
                    CREATE TABLE machines (
                        service TEXT PRIMARY KEY, sequence INTEGER NOT NULL, state BLOB NOT NULL
                    ) STRICT;
                    """
            ),
            AppendLog.migration(creating: "history", retention: .prunable),
            ledgers,
            AppendLog.migration(creating: "receipts", retention: .forever),
        ],
        // An agent that is taken back reads what the newer one wrote before its commit, so migrations only ever add.
        newer: .used
    )

    /// Opens the journal, making it first if it is missing.
    init(path: String, thread: DedicatedThread, access: Database.Access = .readWrite) throws {
        self.thread = thread
        database = try Database(path: path, schema: Self.schema, access: access)
    }

    /// The stored machines, by service.
    func machines() throws -> [StoredMachine] {
        try database.query("SELECT sequence, state FROM machines ORDER BY service") { row in
            let machine = try JSONDecoder().decode(ServiceMachine.self, from: Data(try row.blob(1)))
            return StoredMachine(machine: machine, sequence: try row.integer(0))
        }
    }

    /// The stored machine of one service, or nil.
    func machine(of service: ServiceName) throws -> StoredMachine? {
        try machines().first { $0.machine.service == service }
    }

    /// The machine of the agent's own service, read beside the process that writes; nil before it has one.
    static func agent(in paths: AgentPaths) async throws -> StoredMachine? {
        let thread = DedicatedThread(name: "fleet-journal")
        defer { thread.stop() }
        return try await AgentJournal(path: paths.database, thread: thread, access: .readOnly).machine(of: .agent)
    }

    /// Stores a machine's new state, and the change of phase that it brought.
    ///
    /// - Parameters:
    ///   - machine: What is stored.
    ///   - last: The sequence that was read or written last.
    ///   - history: The changes that have ended with this state.
    ///   - acts: What receipts are to say of them.
    /// - Returns: The new sequence.
    /// - Throws: `storage.sequence_conflict` when another process has written since.
    func store(
        _ machine: ServiceMachine,
        after last: Int64,
        history: [HistoryEntry],
        acts: [HostAct] = []
    ) throws -> Int64 {
        guard DiskChange.perform(.store(machine), { 0 }) == 0 else {
            throw FileError.last("store", database.path)
        }
        let state = Array(try JSONEncoder().encode(machine))
        let records = try history.map { Array(try JSONEncoder().encode($0)) }
        return try database.transaction {
            let service = Value.text(machine.service.text)
            let sql = "SELECT sequence FROM machines WHERE service = ?1"
            let found = try database.first(sql, service) { row in try row.integer(0) } ?? 0
            guard found == last else {
                throw StorageError(
                    .sequenceConflict,
                    path: database.path,
                    advice:
                        "the journal of \(machine.service) stands at \(found), not at \(last): another agent wrote to it"
                )
            }
            try database.execute(
                "INSERT OR REPLACE INTO machines (service, sequence, state) VALUES (?1, ?2, ?3)",
                service,
                .integer(last + 1),
                .blob(state)
            )
            let log = AppendLog(table: "history", stream: machine.service.text)
            try log.append(records, after: try log.last(in: database), to: database)
            try attest(acts, by: machine.host)
            return last + 1
        }
    }

    /// The changes of phase of one service, oldest first.
    func history(of service: ServiceName, limit: Int) throws -> [HistoryEntry] {
        let log = AppendLog(table: "history", stream: service.text)
        let last = try log.last(in: database)
        let entries = try log.entries(in: database, after: max(0, last - Int64(limit)))
        return try entries.map { try JSONDecoder().decode(HistoryEntry.self, from: Data($0.record)) }
    }

    /// Forgets all but the newest `count` changes of phase.
    func prune(_ service: ServiceName, keeping count: Int64) throws {
        let log = AppendLog(table: "history", stream: service.text)
        try log.prune(through: try log.last(in: database) - count, in: database)
    }
}
