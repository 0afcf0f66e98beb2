internal import Configuration
internal import Glibc
internal import Model

/// What a release needs of its host, found by reading its unit and hooks before anything is changed.
struct HostDemands {
    let paths: AgentPaths
    let service: ServiceName
    /// Where the release is unpacked now; `current` will point to it.
    let tree: String

    /// Credentials that the release names and no credential store of the host has (systemd.exec(5), `LoadCredential=`).
    func missingCredentials(_ secrets: [SecretReference]) -> [String] {
        let stores = [paths.credentials, "\(paths.credentials).encrypted", "/run/credstore", "/usr/lib/credstore"]
        return secrets.map(\.credential).filter { name in
            !stores.contains { access("\($0)/\(name)", F_OK) == 0 }
        }
    }

    /// Commands of the spec that the release does not have or that can't be executed, one sentence each.
    func missingCommands(_ spec: ServiceSpec) -> [String] {
        let checks = spec.checks.compactMap { check -> String? in
            guard case .command(let words) = check.kind else { return nil }
            return words.first
        }
        let hooks = [spec.hooks.drain.first, spec.hooks.undrain.first].compactMap(\.self)
        return (hooks + checks).compactMap { command in
            let path = command.hasPrefix("/") ? command : "\(tree)/\(command)"
            return problem(path, named: command, mode: X_OK)
        }
    }

    /// Files, directories and users that a unit file names and the host does not have, one sentence each.
    func missing(inUnit content: [UInt8], named unit: String) -> [String] {
        settings(String(decoding: content, as: UTF8.self)).compactMap { key, value in
            switch key {
            case "WorkingDirectory" where value != "~": absent(value, R_OK)
            case "EnvironmentFile": absent(value, R_OK)
            case "ExecStart", "ExecStartPre": absent(program(value), X_OK)
            case "User": getpwnam(value) == nil && Int(value) == nil ? "user '\(value)' does not exist" : nil
            case "Group": getgrnam(value) == nil && Int(value) == nil ? "group '\(value)' does not exist" : nil
            case _: nil
            }
        }.map { "\(unit): \($0)" }
    }

    /// A path that must exist; one with `-` before it may be missing, one with a specifier is not known yet.
    private func absent(_ path: String, _ mode: CInt) -> String? {
        guard path.hasPrefix("/"), !path.contains("%"), !path.contains("$") else { return nil }
        let current = paths.current(service) + "/"
        let isInside = path.hasPrefix(current)
        return problem(isInside ? "\(tree)/\(path.dropFirst(current.count))" : path, named: path, mode: mode)
    }

    private func problem(_ path: String, named name: String, mode: CInt) -> String? {
        guard access(path, F_OK) == 0 else { return "'\(name)' does not exist" }
        return access(path, mode) == 0 ? nil : "'\(name)' is not \(mode == X_OK ? "executable" : "readable")"
    }

    /// The program of an `ExecStart=` line, without systemd's prefixes.
    private func program(_ value: String) -> String {
        let line = value.drop { "@-:+!|".contains($0) }
        return String(line.prefix { $0 != " " && $0 != "\t" })
    }

    /// The `Key=value` lines of a unit file.
    private func settings(_ text: String) -> [(String, String)] {
        text.split(separator: "\n").compactMap { line in
            guard let first = line.first, !"#;[".contains(first), let equals = line.firstIndex(of: "=") else {
                return nil
            }
            let value = line[line.index(after: equals)...].drop { $0 == " " }
            return (String(line[..<equals]), String(value))
        }
    }
}
