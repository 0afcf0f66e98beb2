import ArgumentParser
import Coordinator
import Model
import Rollout

/// `fleet approve`: an engineer's yes to exactly what is shown.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a rollout that waits for it: shows what exactly, then signs that with your SSH key.",
        discussion: """
            The hosts check the signature themselves, against the approvers in their own /etc/fleet/trust. Keys in an agent \
            or on a token work: name the public half with --key. An approval counts for the plan that was shown and for \
            nothing else; after its time, or with any change of the plan, people are asked anew.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: RolloutChoice

    @Option(
        help: ArgumentHelp(
            "SSH key to sign with (default: git's user.signingkey, else the first of ~/.ssh/id_*).",
            valueName: "file"
        ),
        completion: .file()
    )
    var key: String?

    @Flag(help: "Take your approval back, as long as others are still waited for.")
    var withdraw = false

    @Flag(help: "Sign with a break-glass key: it stands for all approvals, and shows everywhere until it was reviewed.")
    var breakGlass = false

    @Option(help: "Why you take it back, for the ledger.")
    var reason: String?

    @Flag(name: .shortAndLong, help: "Don't ask before signing.")
    var yes = false

    mutating func validate() throws {
        guard !withdraw || key == nil && !breakGlass else {
            throw ValidationError("--withdraw signs nothing: leave --key and --break-glass out")
        }
        guard reason == nil || withdraw else { throw ValidationError("--reason belongs to --withdraw") }
    }

    func run() async throws {
        let desk = try common.desk()
        let rollout = try await choice.awaited(at: desk)
        guard !withdraw else {
            try await desk.withdrawApproval(of: rollout, because: reason)
            return Console.note("your approval of \(rollout.id.label) is taken back")
        }
        guard let request = try await desk.approvals(of: rollout).first else {
            throw CoordinatorError(
                .approval,
                "\(rollout.id.label) waits for no approval now; 'fleet why \(rollout.id.label)' shows where it stands"
            )
        }
        // What is shown and what is signed are compared here, by us: the coordinator that sent both might lie.
        let order = try request.check(at: CoordinatorClock().wall)
        for line in await ApprovalText(request, order).lines(in: ".") { Console.draw(line + "\n") }
        try confirm(request)
        let signer = ApprovalSigner(key: try await ApprovalSigner.key(key), kind: breakGlass ? .breakGlass : .ordinary)
        let approval = try await desk.approve(rollout, signature: try await signer.sign(request.order))
        Console.result("\(rollout.id.label) approved by \(approval.person)")
    }

    private func confirm(_ request: ApprovalRequest) throws {
        guard !yes else { return }
        guard Console.isInteractive else {
            throw ValidationError("nobody can be asked here: say --yes to sign what stands above")
        }
        Console.draw(breakGlass ? "Break the glass? [y/N] " : "Approve exactly this? [y/N] ")
        guard ["y", "yes"].contains(readLine()?.lowercased()) else {
            Console.note("nothing was signed")
            throw ExitCode(ExitStatus.refused.rawValue)
        }
    }
}
