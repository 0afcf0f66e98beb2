import ArgumentParser
import Coordinator
import Model

extension HostCommands {
    /// `fleet host add`: makes a server a member over SSH, or writes the files for it.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Install the agent, a certificate and trust on a server over SSH.",
            discussion: """
                Uses your own ssh with its configuration, and never asks a question: 'ssh root@SERVER true' must work. \
                Doing it again upgrades the agent and renews the certificate. If a step fails on a new host, everything \
                is taken back.

                With --bundle nothing is sent anywhere: the same is written as files with an install script, for \
                cloud-init or Ansible.
                """
        )

        @OptionGroup var common: CommonOptions

        @Argument(
            help: ArgumentHelp(
                "Server, as ssh takes it; with --bundle it may be left out.",
                valueName: "root@address[:port]"
            )
        )
        var destination: String?

        @Option(help: "Name in the fleet (default: its DNS name).", transform: HostID.init(parsing:))
        var name: HostID?

        @Option(
            help: ArgumentHelp(
                "Directory with the packages fleet-agent and fleet-unpack (default: the server's apt sources).",
                valueName: "directory"
            ),
            completion: .directory
        )
        var packages: String?

        @Option(help: "TCP port for the agent to listen on.")
        var port = Host.defaultPort

        @Option(
            help: ArgumentHelp("Write files here instead of connecting.", valueName: "directory"),
            completion: .directory
        )
        var bundle: String?

        @OptionGroup var output: OutputOptions

        mutating func validate() throws {
            guard 1...65_535 ~= port else { throw ValidationError("--port must be 1 to 65535") }
            guard bundle != nil || destination != nil else { throw ValidationError("name the server: root@ADDRESS") }
            guard bundle == nil || name != nil || destination != nil else {
                throw ValidationError("--bundle needs a --name for the host")
            }
        }

        func run() async throws {
            let workspace = try common.workspace()
            if let bundle { return try await writeBundle(workspace, bundle) }
            let access = try HostAccess(parsing: destination ?? "")
            let enrolment = HostEnrolment(
                workspace,
                access: access,
                packages: packages,
                port: port,
                logger: common.logger,
                progress: { Console.note($0) }
            )
            let member = try await workspace.recording(.hostAdded) {
                $0.hosts = (name ?? access.suggestedName).map { [$0] }
                $0.after = "\(access)"
            } _: {
                try await enrolment.run(as: name)
            }
            let facts = member.facts
            Console.note(
                "\(member.host.id): agent \(facts.agentVersion) on \(facts.operatingSystem), systemd \(facts.systemd)"
            )
            Console.note("its line under 'hosts:' in \(workspace.fleetFile):")
            try output.render(member.host, text: [member.line])
        }

        private func writeBundle(_ workspace: Workspace, _ directory: String) async throws {
            let access = try destination.map { try HostAccess(parsing: $0) }
            guard let host = name ?? access?.suggestedName else { throw ValidationError("give the host a --name") }
            let files = try await workspace.recording(.hostAdded) {
                $0.hosts = [host]
                $0.after = "bundle"
            } _: {
                try HostBundle(workspace).write(host, port: port, to: directory, at: CoordinatorClock().wall)
            }
            for file in files { Console.result(file) }
            Console.note(
                "it holds the private key of \(host): copy it there, run 'install' as root, and remove it here"
            )
        }
    }
}
