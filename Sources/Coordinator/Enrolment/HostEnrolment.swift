package import Logging
package import Model
internal import Protocol
internal import Session

/// Makes a server a member of the fleet over SSH: packages, certificate, trust, a running agent, and a first talk with it.
///
/// Every step may be repeated. When one fails, what this call has brought to a new host is taken away again; a host that
/// was a member before is left as it is.
package struct HostEnrolment: Sendable {
    /// Where the new member stands.
    package struct Member: Sendable {
        package let host: Host
        package let facts: HostFacts
        /// Its line under `hosts:` in `fleet.yml`.
        package let line: String
    }

    private let workspace: Workspace
    private let access: HostAccess
    private let shell: RemoteShell
    private let packages: String?
    private let port: Int
    private let logger: Logger
    /// Told before each step.
    private let progress: @Sendable (String) -> Void

    /// `packages` is a directory with the Debian packages, nil takes them from the host's apt sources; `port` is where the
    /// agent is to listen.
    package init(
        _ workspace: Workspace,
        access: HostAccess,
        packages: String?,
        port: Int = Host.defaultPort,
        logger: Logger,
        progress: @escaping @Sendable (String) -> Void
    ) {
        self.workspace = workspace
        self.access = access
        shell = RemoteShell(access: access)
        self.packages = packages
        self.port = port
        self.logger = logger
        self.progress = progress
    }

    package func run(as name: HostID?) async throws -> Member {
        let credentials = try workspace.credentials()
        progress("looking at \(access)")
        let survey = try await survey()
        let host = try hostID(name, survey)
        let foundPackages =
            try packages.map { try HostPackages.find(in: $0, architecture: survey.architecture) } ?? .apt
        do {
            try await install(foundPackages)
            progress("installing certificate and trust of \(host)")
            let material = try HostMaterial.make(host, in: workspace, port: port, at: CoordinatorClock().wall)
            try await shell.run(material.installScript(), step: "installing its certificate")
            progress("starting the agent")
            try await shell.run(Self.startScript, step: "starting the agent")
            progress("talking to the agent")
            let member = Host(id: host, address: access.address, port: port)
            let facts = try await talk(to: member, credentials)
            return Member(host: member, facts: facts, line: Self.line(for: member))
        } catch {
            if survey.isNew { await undo(survey, because: error) }
            throw error
        }
    }

    /// The line of `fleet.yml` for a host.
    package static func line(for host: Host) -> String {
        let port = host.port == Host.defaultPort ? "" : ", port: \(host.port)"
        let address =
            host.address == host.id.text
            ? "" : ", address: \(host.address.contains(":") ? "\"\(host.address)\"" : host.address)"
        return "- {name: \(host.id)\(address)\(port)}"
    }

    // MARK: Steps

    /// What the server is.
    private struct Survey {
        let architecture: String
        let hostName: String
        /// Whether no agent is configured there.
        let isNew: Bool
        /// Whether the package was there before us.
        let hasPackage: Bool
    }

    private func survey() async throws -> Survey {
        let text = try await shell.run(Self.surveyScript, step: "looking at it")
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        func refusal(_ finding: String) -> CoordinatorError { CoordinatorError(.enrolment, "\(access) \(finding)") }
        guard values["uid"] == "0" else { throw refusal("answers as a user without root's rights; write root@…") }
        guard let architecture = values["architecture"], !architecture.isEmpty else {
            throw refusal("has no dpkg: this version enrols Debian and its relatives only")
        }
        guard let systemd = values["systemd"].flatMap({ Int($0) }), systemd >= 247 else {
            throw refusal("has systemd \(values["systemd"] ?? "none"); Fleet needs 247 or later")
        }
        guard values["init"] == "systemd" else { throw refusal("was not booted with systemd") }
        return Survey(
            architecture: architecture,
            hostName: values["name"] ?? "",
            isNew: values["member"] != "yes",
            hasPackage: values["package"] == "yes"
        )
    }

    private func hostID(_ name: HostID?, _ survey: Survey) throws -> HostID {
        if let name = name ?? access.suggestedName ?? HostID(survey.hostName) { return name }
        throw CoordinatorError(.enrolment, "\(access) has no name that fits; give it one with --name")
    }

    private func install(_ packages: HostPackages) async throws {
        progress("installing the agent")
        guard !packages.paths.isEmpty else {
            try await shell.run(packages.installScript(from: ""), step: "installing the package fleet-agent")
            return
        }
        let made = try await shell.run("mktemp -d /tmp/fleet-packages.XXXXXX", step: "making a directory")
        let directory = String(made.prefix { !$0.isNewline })
        try await shell.copy(packages.paths, to: directory, step: "copying the packages")
        try await shell.run(packages.installScript(from: directory), step: "installing the packages")
    }

    /// Asks the agent itself, as every later command will.
    private func talk(to host: Host, _ credentials: Credentials) async throws -> HostFacts {
        let dialer = try HostDialer(credentials, logger: logger)
        var last: any Error = CoordinatorError(.enrolment, "\(host.id) was not asked")
        // An agent that has just started may need a moment until it listens.
        for attempt in 1...5 {
            do {
                return try await dialer.withSession(host) { try await $0.facts(within: .seconds(5)) }
            } catch {
                last = error
                if attempt < 5 { try await Task.sleep(for: .milliseconds(400)) }
            }
        }
        throw CoordinatorError(
            .enrolment,
            "the agent of \(host.id) runs, but can't be reached at \(host.address) port \(host.port): \(last); is the port open?"
        )
    }

    private func undo(_ survey: Survey, because error: any Error) async {
        progress("taking everything back, because: \(error)")
        // Best effort: the error at hand is the one to be told.
        let script = survey.hasPackage ? Self.forgetScript : Self.removeScript
        _ = try? await shell.run(script, step: "taking it back")
    }

    // MARK: Scripts

    private static let surveyScript = """
        echo "uid=$(id -u)"
        echo "name=$(cat /proc/sys/kernel/hostname)"
        echo "architecture=$(dpkg --print-architecture 2>/dev/null || true)"
        echo "systemd=$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \\([0-9]*\\).*/\\1/p')"
        if [ -d /run/systemd/system ]; then echo "init=systemd"; fi
        if [ -e /etc/fleet/agent.yml ]; then echo "member=yes"; fi
        if dpkg-query -W fleet-agent >/dev/null 2>&1; then echo "package=yes"; fi

        """

    /// Restarts an agent that runs with what was there before.
    private static let startScript = """
        systemctl daemon-reload
        systemctl enable --quiet agent.service
        systemctl restart agent.service || { journalctl -u agent -n 5 -o cat --no-pager >&2; exit 1; }

        """

    /// Stops the agent and forgets who the host was.
    private static let forgetScript = """
        if [ -d /run/systemd/system ]; then systemctl disable --now --quiet agent.service 2>/dev/null || true; fi
        rm -rf /etc/fleet

        """

    /// The same, and removes the packages; services that were deployed go on.
    static let removeScript = """
        export DEBIAN_FRONTEND=noninteractive
        if [ -d /run/systemd/system ]; then systemctl disable --now --quiet agent.service 2>/dev/null || true; fi
        if dpkg-query -W fleet-agent >/dev/null 2>&1; then dpkg --purge fleet-agent >&2; fi
        if dpkg-query -W fleet-unpack >/dev/null 2>&1; then dpkg --purge fleet-unpack >&2 || true; fi
        rm -rf /etc/fleet

        """
}
