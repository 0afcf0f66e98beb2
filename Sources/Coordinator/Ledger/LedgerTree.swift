internal import Model
internal import Storage
internal import Trust

/// The audit tree over a ledger's records: grows in the transaction that stores them.
///
/// Every full subtree's root is stored once, so that where the tree stands, and each proof, costs a logarithmic number of
/// rows however long the ledger is.
struct LedgerTree {
    let database: Database

    static let migration = Migration(
        name: "add_tree",
        sql: """
            ALTER TABLE records ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX records_by_time ON records (at);
            CREATE TABLE nodes (
                level INTEGER NOT NULL, place INTEGER NOT NULL, root BLOB NOT NULL, PRIMARY KEY (level, place)
            ) STRICT, WITHOUT ROWID;
            CREATE TRIGGER nodes_are_append_only BEFORE UPDATE ON nodes
            BEGIN SELECT RAISE(ABORT, 'nodes are append-only'); END;
            CREATE TRIGGER nodes_are_kept BEFORE DELETE ON nodes
            BEGIN SELECT RAISE(ABORT, 'nodes are kept for ever'); END;
            """
    )

    /// Records in the ledger.
    func size() throws -> Int64 {
        let last = try database.first("SELECT max(sequence) FROM records") { row in try row.optionalInteger(0) }
        return last.flatMap(\.self) ?? 0
    }

    /// The tree over all records.
    func read() throws -> AuditTree { try read(size: size()) }

    /// The tree over the first `size` records.
    func read(size: Int64) throws -> AuditTree {
        try AuditTree(size: size, peaks: try AuditNode.peaks(of: size).map(node))
    }

    /// The root of a full subtree.
    func node(_ node: AuditNode) throws -> Digest {
        let found =
            if node.level == 0 {
                try database.first("SELECT leaf FROM records WHERE sequence = ?1", .integer(node.index + 1)) { row in
                    try row.blob(0)
                }
            } else {
                try database.first(
                    "SELECT root FROM nodes WHERE level = ?1 AND place = ?2",
                    .integer(Int64(node.level)),
                    .integer(node.index)
                ) { row in try row.blob(0) }
            }
        guard let found, found.count == Digest.byteCount else {
            throw CoordinatorError(
                .workspaceInvalid,
                "the ledger's tree lacks node \(node.index) of level \(node.level): the file is damaged; restore a backup"
            )
        }
        return Digest(bytes: found)
    }

    /// Adds records, as part of the transaction that is open.
    func append(_ records: [LedgerRecord]) throws {
        guard !records.isEmpty else { return }
        var tree = try read()
        for record in records {
            let bytes = try CanonicalJSON.encode(record)
            let leaf = AuditTree.leaf(bytes)
            try database.execute(
                "INSERT INTO records (sequence, rollout, at, leaf, record) VALUES (?1, ?2, ?3, ?4, ?5)",
                .integer(tree.size + 1),
                // 0 for what is of no rollout.
                .integer(Int64(record.rollout?.number ?? 0)),
                .integer(record.at.milliseconds),
                .blob(leaf.bytes),
                .blob(bytes)
            )
            try grow(&tree, by: leaf)
        }
    }

    private func grow(_ tree: inout AuditTree, by leaf: Digest) throws {
        for (place, root) in tree.append(leaf: leaf) {
            try database.execute(
                "INSERT INTO nodes (level, place, root) VALUES (?1, ?2, ?3)",
                .integer(Int64(place.level)),
                .integer(place.index),
                .blob(root.bytes)
            )
        }
    }
}
