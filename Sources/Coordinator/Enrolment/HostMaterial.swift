internal import Configuration
package import Model
internal import TLS
internal import Trust

/// The files that make a server a member of the fleet, by their paths there.
package struct HostMaterial: Sendable {
    /// One file for the host; it prints without its content, which may be a key.
    package struct File: Sendable, CustomStringConvertible, CustomReflectable {
        /// Absolute, on the host.
        package let path: String
        package let bytes: [UInt8]
        package let mode: UInt32

        package var description: String { "\(path), \(bytes.count) bytes" }
        package var customMirror: Mirror { Mirror(self, children: ["path": path, "mode": mode]) }
    }

    package let host: HostID
    package let files: [File]

    /// Issues a certificate for `host` and gathers everything that its agent needs.
    package static func make(_ host: HostID, in workspace: Workspace, port: Int, at now: WallTime) throws -> Self {
        let authority = try workspace.authority()
        let issued = try authority.issue(.agent, name: host.text, now: now)
        let paths = AgentPaths()
        let builders = try SmallFile.names(in: workspace.layout.builders).filter { $0.hasSuffix(".json") }
        guard let key = issued.keyPEM, !builders.isEmpty else {
            throw CoordinatorError(
                .workspaceInvalid,
                "\(workspace.layout.builders) has no builder: the host would believe nobody; run 'fleet init'"
            )
        }
        var files = [
            File(path: paths.authority, bytes: Array(issued.authorityPEM.utf8), mode: 0o644),
            File(path: paths.certificate, bytes: Array(issued.certificatePEM.utf8), mode: 0o644),
            File(path: paths.privateKey, bytes: key.reveal(), mode: 0o600),
        ]
        if let list = try workspace.revocations() {
            files.append(File(path: paths.revocations, bytes: list.pem, mode: 0o644))
        }
        for name in builders {
            let bytes = try SmallFile.read("\(workspace.layout.builders)/\(name)")
            files.append(File(path: "\(paths.builders)/\(name)", bytes: bytes, mode: 0o644))
        }
        let attesters = workspace.layout.attesters
        // A workspace from before has none.
        for name in try SmallFile.isDirectory(attesters) ? SmallFile.names(in: attesters) : []
        where name.hasSuffix(".json") {
            let bytes = try SmallFile.read("\(attesters)/\(name)")
            files.append(File(path: "\(paths.attesters)/\(name)", bytes: bytes, mode: 0o644))
        }
        files.append(try ledgerFile(in: workspace))
        for (list, path) in [
            (workspace.layout.approvers, paths.approvers), (workspace.layout.breakGlass, paths.breakGlass),
        ] where SmallFile.exists(list) {
            files.append(File(path: path, bytes: try SmallFile.read(list), mode: 0o644))
        }
        // Last: the agent starts only where it is.
        let configuration = agentFile(fleet: authority.fleet, host: host, port: port)
        files.append(File(path: AgentFile.defaultPath, bytes: Array(configuration.utf8), mode: 0o644))
        return Self(host: host, files: files)
    }

    /// The key of the ledger whose rollouts the host shall believe; those of other ledgers stay beside it.
    private static func ledgerFile(in workspace: Workspace) throws -> File {
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
        return File(path: "\(AgentPaths().ledgers)/\(origin.ledger)", bytes: bytes, mode: 0o644)
    }

    private static func agentFile(fleet: String, host: HostID, port: Int) -> String {
        let listen = port == Host.defaultPort ? "" : "listen: \"[::]:\(port)\"\n"
        return "# Written by `fleet host add`; docs/configuration.md lists what else may stand here.\n"
            + "fleet: \(fleet)\nhost: \(host)\n\(listen)"
    }

    /// A shell script that puts every file in its place, each whole or not at all; the old configuration goes last.
    func installScript() -> String {
        let directories = Set(files.map { Self.directory(of: $0.path) }).sorted()
        var lines = ["umask 077", "mkdir -p \(directories.map(RemoteShell.quoted).joined(separator: " "))"]
        lines.append("chmod 755 /etc/fleet \(directories.map(RemoteShell.quoted).joined(separator: " "))")
        for file in files {
            let path = RemoteShell.quoted(file.path)
            let text = String(decoding: file.bytes, as: UTF8.self)
            let isEnded = text.hasSuffix("\n")
            lines.append("cat >\(path).new <<'FLEET_END'\n\(text)\(isEnded ? "" : "\n")FLEET_END")
            lines.append("chmod \(String(file.mode, radix: 8)) \(path).new")
            lines.append("mv \(path).new \(path)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
    }
}
