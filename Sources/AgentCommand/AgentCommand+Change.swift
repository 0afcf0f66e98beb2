import Agent
import ArgumentParser
import Model

extension AgentCommand {
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run an artifact on this host, without a coordinator.",
            discussion:
                "The whole activation: verify, unpack, switch, start, check; taken back if it fails. The service "
                + "is then held: no rollout touches it until 'agent unhold'. Where this host's policy demands approvals, "
                + "--order brings them: what was approved for this host, once, until the order's time is over."
        )

        @OptionGroup var host: HostOptions
        @OptionGroup var artifact: ArtifactOptions
        @OptionGroup var claim: ClaimOptions

        mutating func validate() throws {
            guard !claim.breakClaim || artifact.order != nil else {
                throw ValidationError("only an approved order is carried out under a rollout's claim: add --order FILE")
            }
        }

        func run() async throws {
            try ReplyText(await host.perform(.apply(try artifact.wish(breakingClaim: claim.reason)))).printEnd()
        }
    }

    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go back to the previous release on this host; works with the network down.",
            discussion:
                "The service is then held: no rollout touches it until 'agent unhold'. A rollout that holds the service "
                + "keeps others out; --break-claim goes back all the same, and that rollout finds its claim gone. To the "
                + "confirmed release before anybody may go back; further, only as this host's policy says."
        )

        @OptionGroup var host: HostOptions

        @Argument(help: "The service.")
        var service: ServiceName

        @Option(help: "Version, or first digits of the digest, of a release on this host's disk.")
        var to: String?

        @Option(
            help: "An approved order for that release, where this host's policy demands one to go back further.",
            completion: .file()
        )
        var order: String?

        @OptionGroup var claim: ClaimOptions

        func run() async throws {
            let order = try order.map(OrderFile.read)
            let call = LocalCall.rollback(service, to: to, breakingClaim: claim.reason, order: order)
            try ReplyText(await host.perform(call)).printEnd()
        }
    }

    struct Unhold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let rollouts touch a service again.")

        @OptionGroup var host: HostOptions

        @Argument(help: "The service.")
        var service: ServiceName

        func run() async throws { try ReplyText(await host.perform(.unhold(service))).printEnd() }
    }

    struct Repair: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring back what was released: tree, units, links and configuration; the service starts anew.",
            discussion:
                "Only where 'agent verify' or 'agent status' finds a difference is anything replaced; a tree is unpacked "
                + "again from its artifact, which this host keeps. Settings that were added to the unit stay."
        )

        @OptionGroup var host: HostOptions

        @Argument(help: "The service.")
        var service: ServiceName

        func run() async throws { try ReplyText(await host.perform(.repair(service))).printEnd() }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare the tree on disk with the release, file by file; exit code 2 when it differs."
        )

        @OptionGroup var host: HostOptions

        @Argument(help: "The service.")
        var service: ServiceName

        func run() async throws {
            let reply = try await host.perform(.verify(service))
            guard case .verified(let release, let differences) = reply else { throw ReplyText(reply).failure }
            guard !differences.isEmpty else { return print("\(release) is exactly what was verified and unpacked") }
            for difference in differences { print(difference) }
            FileText.complain(
                "\(release) is not what was released: 'agent repair \(service)' or a rollout with --repair-drift brings it back"
            )
            throw ExitCode.failed
        }
    }
}
