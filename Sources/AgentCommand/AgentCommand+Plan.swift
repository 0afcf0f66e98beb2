import Agent
import ArgumentParser

extension AgentCommand {
    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what 'apply' would do with an artifact; changes nothing."
        )

        @OptionGroup var host: HostOptions
        @OptionGroup var artifact: ArtifactOptions

        func run() async throws {
            let plan = try await LocalPlan.make(try artifact.wish(), try host.configuration())
            for line in plan.lines { print(line) }
            guard plan.refusals.isEmpty else {
                for refusal in plan.refusals { FileText.complain("refused: \(refusal)") }
                throw ExitCode.refused
            }
        }
    }
}
