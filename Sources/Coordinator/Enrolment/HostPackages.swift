internal import Model

/// The Debian packages that a host needs, from a directory on this machine or from the host's own apt sources.
package enum HostPackages: Sendable {
    case apt
    case files(agent: String, unpack: String)

    /// Finds the newest packages for `architecture` in a directory, as `make deb` names them.
    package static func find(in directory: String, architecture: String) throws -> Self {
        let names = try SmallFile.names(in: directory)
        func newest(_ package: String) throws -> String {
            let suffix = "_\(architecture).deb"
            let matches = names.filter { $0.hasPrefix("\(package)_") && $0.hasSuffix(suffix) }
            func version(_ name: String) -> DebianVersion {
                DebianVersion(String(name.dropFirst(package.count + 1).dropLast(suffix.count)))
            }
            guard let name = matches.max(by: { version($0) < version($1) }) else {
                throw CoordinatorError(
                    .enrolment,
                    "\(directory) has no \(package)_VERSION\(suffix), which the host needs"
                )
            }
            return "\(directory)/\(name)"
        }
        return .files(agent: try newest("fleet-agent"), unpack: try newest("fleet-unpack"))
    }

    var paths: [String] {
        switch self {
        case .apt: []
        case .files(let agent, let unpack): [unpack, agent]
        }
    }

    /// Installs them; `directory` is where the files were copied to.
    ///
    /// `apt-get` resolves what dpkg alone would leave half configured; without network `dpkg` does where all is there.
    func installScript(from directory: String) -> String {
        switch self {
        case .apt:
            return
                "export DEBIAN_FRONTEND=noninteractive\napt-get install -qqy --no-install-recommends fleet-agent >&2\n"
        case .files:
            let files = paths.map { path in
                RemoteShell.quoted("\(directory)/\(path.split(separator: "/").last ?? "")")
            }
            let list = files.joined(separator: " ")
            return """
                export DEBIAN_FRONTEND=noninteractive
                dpkg -i \(list) >/dev/null 2>&1 || apt-get install -qqy --no-install-recommends \(list) >&2
                rm -rf \(RemoteShell.quoted(directory))

                """
        }
    }
}
