internal import Artifacts
internal import Configuration
internal import Glibc
internal import Model

/// What a release needs of its host, found by reading its units and hooks before anything is changed.
struct HostDemands {
    let paths: AgentPaths
    let service: ServiceName
    /// Where the release is unpacked now; `current` will point to it.
    let tree: String
    /// What the tree will hold, by path, while it is not unpacked.
    var listing: [String: TreeEntry.Kind]?

    /// Credentials that the release names and systemd would not find for it (systemd.exec(5), `LoadCredential=`).
    func missingCredentials(_ secrets: [SecretReference]) -> [String] {
        secrets.map(\.credential).filter { !isStored($0, in: stores) }
    }

    private var stores: [String] {
        [paths.credentials, "/run/credentials/@system", "/run/credstore", "/usr/lib/credstore"]
    }

    private var encryptedStores: [String] {
        ["\(paths.credentials).encrypted", "/run/credstore.encrypted", "/usr/lib/credstore.encrypted"]
    }

    private func isStored(_ credential: String, in stores: [String]) -> Bool {
        stores.contains { access("\($0)/\(credential)", F_OK) == 0 }
    }

    /// Commands of the spec that the release does not have or that can't be executed, one sentence each.
    func missingCommands(_ spec: ServiceSpec) -> [String] {
        let checks = spec.checks.compactMap { check -> String? in
            guard case .command(let words) = check.kind else { return nil }
            return words.first
        }
        let hooks = [
            spec.hooks.drain, spec.hooks.undrain, spec.hooks.warmUp, spec.hooks.idle?.command, spec.migration?.command,
        ].compactMap {
            $0?.first
        }
        return (hooks + checks).compactMap { command in
            let path = command.hasPrefix("/") ? command : "\(tree)/\(command)"
            return problem(path, named: command, mode: X_OK)
        }
    }

    /// Credentials that a unit file loads and the host does not have.
    ///
    /// One for which the unit sets a value itself may be missing: that value is what the service then gets.
    func missingCredentials(inUnit content: [UInt8]) -> [String] {
        let unit = UnitFile(content)
        let defaults = Set(
            (unit.values("SetCredential") + unit.values("SetCredentialEncrypted")).map { $0.prefix { $0 != ":" } }
        )
        func missing(_ key: String, _ stores: [String]) -> [String] {
            unit.values(key).compactMap { value in
                let parts = value.split(separator: ":", maxSplits: 1)
                guard let name = parts.first, let place = parts.last, !value.contains("%") else { return nil }
                guard !defaults.contains(name) else { return nil }
                let path = String(place)
                let isThere = path.hasPrefix("/") ? access(path, F_OK) == 0 : isStored(path, in: stores)
                return isThere ? nil : path
            }
        }
        return missing("LoadCredential", stores) + missing("LoadCredentialEncrypted", encryptedStores + stores)
    }

    /// Whether the service has a user that only systemd knows, while it runs.
    static func missingOwner(in units: [[UInt8]]) -> [String] {
        let isDynamic = units.map { UnitFile($0) }.contains { $0.isTrue("DynamicUser") && $0.values("User").isEmpty }
        return isDynamic ? ["a migration needs 'User=' in a unit with 'DynamicUser='; see systemd.exec(5)"] : []
    }

    /// Whether nobody says how the service is told to take a release up.
    static func missingReload(in units: [[UInt8]], of spec: ServiceSpec) -> [String] {
        guard units.allSatisfy({ UnitFile($0).values("ExecReload").isEmpty }) else { return [] }
        let unit = spec.unit.unitName?.text ?? "the unit"
        return ["\(unit) has no 'ExecReload=', which the strategy 'reload' needs; see systemd.service(5)"]
    }

    /// Files, directories and users that a unit file names and the host does not have, one sentence each.
    func missing(inUnit content: [UInt8], named unit: String) -> [String] {
        let file = UnitFile(content)
        var problems: [String?] = file.words("EnvironmentFile").map { absent($0, R_OK) }
        if file.values("RootDirectory").isEmpty, file.values("RootImage").isEmpty {
            let programs = file.values("ExecStart") + file.values("ExecStartPre")
            problems += programs.map { absent(program($0), X_OK) }
            problems += file.values("WorkingDirectory").suffix(1).map { absent($0, R_OK, besides: made(by: file)) }
        } else {
            // What the service will find in a root of its own is not known here, but the root itself is.
            problems += file.values("RootDirectory").suffix(1).map { absent($0, R_OK) }
        }
        for key in ["ReadWritePaths", "ReadOnlyPaths", "InaccessiblePaths"] {
            problems += file.words(key).map { absent($0, F_OK, besides: made(by: file)) }
        }
        for key in ["BindPaths", "BindReadOnlyPaths"] {
            let sources = file.words(key).map { String($0.prefix { $0 != ":" }) }
            problems += sources.map { absent($0, F_OK, besides: made(by: file)) }
        }
        if !file.isTrue("DynamicUser") {
            problems += file.values("User").suffix(1).map { user in
                getpwnam(user) == nil && Int(user) == nil ? "user '\(user)' does not exist" : nil
            }
            problems += file.values("Group").suffix(1).map { group in
                getgrnam(group) == nil && Int(group) == nil ? "group '\(group)' does not exist" : nil
            }
        }
        return problems.compactMap { problem in problem.map { "\(unit): \($0)" } }
    }

    /// Directories that systemd makes before the service starts (systemd.exec(5), `RuntimeDirectory=`).
    private func made(by unit: UnitFile) -> [String] {
        let places = [
            "RuntimeDirectory": "/run", "StateDirectory": "/var/lib", "CacheDirectory": "/var/cache",
            "LogsDirectory": "/var/log", "ConfigurationDirectory": "/etc",
        ]
        return places.flatMap { key, place in unit.words(key).map { "\(place)/\($0.prefix { $0 != ":" })" } }
    }

    /// A path that must exist.
    ///
    /// One with `-` before it may be missing, one with a specifier, a variable or a pattern is not known yet.
    private func absent(_ path: String, _ mode: CInt, besides made: [String] = []) -> String? {
        let instance = paths.instance(service, "%i") + "/"
        let known = path.hasPrefix(instance) ? path.dropFirst(instance.count) : path[...]
        guard path.hasPrefix("/"), !known.contains(where: { "%$*".contains($0) }) else { return nil }
        guard !made.contains(where: { path == $0 || path.hasPrefix("\($0)/") }) else { return nil }
        return problem(inTree(path) ?? path, named: path, mode: mode)
    }

    /// Where a path through one of the service's links will lead; nil for any other.
    private func inTree(_ path: String) -> String? {
        let links = [paths.current(service) + "/", paths.instance(service, "%i") + "/"]
        return links.first(where: path.hasPrefix).map { "\(tree)/\(path.dropFirst($0.count))" }
    }

    /// Whether instances would run what `current` names, which is another release while both run.
    func sharedPaths(inTemplate content: [UInt8], named unit: String) -> [String] {
        let current = paths.current(service)
        guard UnitFile(content).mentions(current + "/") else { return [] }
        return [
            "\(unit): names \(current), which an instance does not run from: write \(paths.instance(service, "%i"))"
        ]
    }

    private func problem(_ path: String, named name: String, mode: CInt) -> String? {
        if let listing, path.hasPrefix("\(tree)/") {
            return Self.problem(String(path.dropFirst(tree.count + 1)), in: listing, named: name, mode: mode)
        }
        guard access(path, F_OK) == 0 else { return "'\(name)' does not exist" }
        return access(path, mode) == 0 ? nil : "'\(name)' is not \(mode == X_OK ? "executable" : "readable")"
    }

    /// A link's target is not followed here: what it leads to is seen when the release is on disk.
    private static func problem(
        _ path: String,
        in listing: [String: TreeEntry.Kind],
        named name: String,
        mode: CInt
    ) -> String? {
        let parents = path.indices.filter { path[$0] == "/" }.map { listing[String(path[..<$0])] }
        for case .link? in parents { return nil }
        switch listing[path] {
        case nil: return "'\(name)' does not exist"
        case .file(_, _, isExecutable: false)? where mode == X_OK: return "'\(name)' is not executable"
        case .file?, .directory?, .link?: return nil
        }
    }

    /// The program of an `ExecStart=` line, without systemd's prefixes.
    private func program(_ value: String) -> String {
        let line = value.drop { "@-:+!|".contains($0) }
        return String(line.prefix { $0 != " " && $0 != "\t" })
    }
}
