internal import Configuration
internal import Model
internal import Trust

/// Whom a new host shall believe: files below its directory of trust.
enum HostTrust {
    /// What the workspace's trust root says, with the root last, else the workspace's files; and the ledger's key.
    static func files(of workspace: Workspace) throws -> [(path: String, bytes: [UInt8])] {
        let roots = TrustRoots(workspace)
        let present = try roots.chain().last
        var files = try (present?.root.files ?? roots.files()).map { ($0.path, Array($0.text.utf8)) }
        guard files.contains(where: { $0.0.hasPrefix("builders/") }) else {
            throw CoordinatorError(
                .workspaceInvalid,
                "\(workspace.layout.builders) has no builder: the host would believe nobody; run 'fleet init'"
            )
        }
        if let present { files.append((AgentPaths.rootName, try present.json())) }
        return [try ledger(in: workspace)] + files
    }

    /// The key of the ledger whose rollouts the host shall believe; those of other ledgers stay beside it.
    private static func ledger(in workspace: Workspace) throws -> (path: String, bytes: [UInt8]) {
        let path = workspace.layout.ledgerPublicKey
        guard SmallFile.exists(path) else {
            throw CoordinatorError(
                .workspaceInvalid,
                "\(path) is missing: the host would believe no rollout of ours; run 'fleet init', which makes it"
            )
        }
        let bytes = try SmallFile.read(path)
        let line = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        let origin = try LedgerOrigin(parsing: try NoteKey(parsing: line).name)
        return ("ledgers/\(origin.ledger)", bytes)
    }
}
