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
        let trust = try HostTrust.files(of: workspace)
        let issued = try authority.issue(.agent, name: host.text, now: now)
        let paths = AgentPaths()
        guard let key = issued.keyPEM else { preconditionFailure("a key that was made here is handed over") }
        var files = [
            File(path: paths.authority, bytes: Array(issued.authorityPEM.utf8), mode: 0o644),
            File(path: paths.certificate, bytes: Array(issued.certificatePEM.utf8), mode: 0o644),
            File(path: paths.privateKey, bytes: key.reveal(), mode: 0o600),
        ]
        if let list = try workspace.revocations() {
            files.append(File(path: paths.revocations, bytes: list.pem, mode: 0o644))
        }
        files += trust.map { File(path: "\(paths.trust)/\($0.path)", bytes: $0.bytes, mode: 0o644) }
        // Last: the agent starts only where it is.
        let configuration = agentFile(fleet: authority.fleet, host: host, port: port)
        files.append(File(path: AgentFile.defaultPath, bytes: Array(configuration.utf8), mode: 0o644))
        return Self(host: host, files: files)
    }

    /// The files that a trust root speaks for: a host that follows one keeps its own, which nobody takes back.
    private var governed: [File] {
        let trust = AgentPaths().trust + "/"
        return files.filter { file in
            guard file.path.hasPrefix(trust) else { return false }
            let name = file.path.dropFirst(trust.count).prefix { $0 != "/" }
            return (TrustFile.names + TrustFile.directories + [AgentPaths.rootName]).contains(String(name))
        }
    }

    /// Lines of a shell script that install each file by `install`: those of the trust first, unless the host follows a root.
    ///
    /// A first root replaces what stood there, so that nobody stays believed whom it does not name.
    func script(_ install: (File) -> [String]) -> [String] {
        let paths = AgentPaths()
        let governed = governed
        let isRooted = governed.contains { $0.path == paths.root }
        let names = (TrustFile.names + TrustFile.directories).map { "\(paths.trust)/\($0)" }
        let rest = files.filter { file in !governed.contains { $0.path == file.path } }
        return ["if [ ! -e \(paths.root) ]; then"] + (isRooted ? ["rm -rf \(names.joined(separator: " "))"] : [])
            + governed.flatMap(install) + ["fi"] + rest.flatMap(install)
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
        lines += script { file in
            let path = RemoteShell.quoted(file.path)
            let text = String(decoding: file.bytes, as: UTF8.self)
            let isEnded = text.hasSuffix("\n")
            return [
                "mkdir -p \(RemoteShell.quoted(Self.directory(of: file.path)))",
                "chmod 755 \(RemoteShell.quoted(Self.directory(of: file.path)))",
                "cat >\(path).new <<'FLEET_END'\n\(text)\(isEnded ? "" : "\n")FLEET_END",
                "chmod \(String(file.mode, radix: 8)) \(path).new",
                "mv \(path).new \(path)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
    }
}
