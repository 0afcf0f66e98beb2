import ArgumentParser
import Coordinator
import Model

extension AgentsCommands {
    /// `fleet agents upgrade`: a rollout whose service is the agent.
    struct Upgrade: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Roll a release of the agent out over all hosts, and take it back where it does not work.",
            discussion: """
                fleet agents upgrade --artifact fleet-agent_0.2.0_amd64.tar.gz

                A rollout like any other, of the service 'fleet-agent': the same provenance, approvals, canary, window and floor. \
                The old agent stays until the new one has connected and was told to commit; services are not touched. \
                'fleet rollback fleet-agent --env agents' takes it back. The environment 'agents' is all hosts of fleet.yml, \
                one in ten at once, as controlled as the most controlled of their environments; a service 'fleet-agent' in \
                fleet.yml describes it otherwise.
                """
        )

        @OptionGroup var common: CommonOptions
        @OptionGroup var artifact: ArtifactOptions

        @Option(
            name: [.customLong("env"), .customShort("e")],
            help: ArgumentHelp("Environment of the agents.", valueName: "environment"),
            transform: EnvironmentName.init(parsing:)
        )
        var environment = EnvironmentName.agents

        @OptionGroup var absence: SkipOptions

        @OptionGroup var proven: ProvenOptions

        @OptionGroup var consent: Consent
        @OptionGroup var output: OutputOptions

        mutating func validate() throws { try proven.validate(reason: absence.reason) }

        func run() async throws {
            let request = DeploymentRequest(
                service: .agent,
                environment: environment,
                skips: absence.skips,
                reason: absence.reason,
                unproven: proven.policy
            )
            let change = Change(.deploy(try artifact.request(for: .agent)), request)
            try await RolloutFlow(try common.desk(), output).start(consent, change)
        }
    }
}
