import ArgumentParser
import Coordinator
import Rollout
import Simulation

/// `fleet rehearse`: a plan in virtual time, over and over, with something else going wrong each time.
struct RehearseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Show how a rollout could end: simulate its plan with bad releases, dying hosts and networks.",
        discussion: """
            The decisions are those of the real coordinator and the real agents, the hosts, stages, floor and gates are yours; \
            time and failures are simulated. Hosts are not asked, and nothing is changed. Approvals are taken as given, and \
            the environment as open. The same plan is rehearsed in the same way everywhere.

            Fails if an invariant is broken in any run, which would be a defect of Fleet.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var deployment: DeployOptions
    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("Show what happens in this run, line by line, instead.", valueName: "run"))
    var trace: Int?

    func run() async throws {
        let proposal = try await common.desk().propose(try deployment.change())
        let rehearsal = Rehearsal(proposal.plan, of: proposal.spec, pace: proposal.forecast?.host)
        if let trace { return try show(trace, of: rehearsal) }
        if output.output == .text { Console.note("rehearses \(rehearsal.count) runs") }
        let report = RehearsalReport(await rehearsal.runs())
        try output.render(report, text: RehearsalText(proposal.plan, report).lines)
        try (report.defects.isEmpty ? ExitStatus.success : .failed).leave()
    }

    private func show(_ number: Int, of rehearsal: Rehearsal) throws {
        guard (0..<rehearsal.count).contains(number) else {
            throw ValidationError("--trace: there are runs 0 to \(rehearsal.count - 1), and no run \(number)")
        }
        let run = rehearsal.run(number, isTracing: true)
        try output.render(run, text: run.trace + ["run \(run.number), \(run.trouble): \(run.headline)"])
    }
}
