import Agent
import ArgumentParser
import Model

/// An agent's answer for people, with the exit code that it means.
struct ReplyText {
    let reply: LocalReply

    init(_ reply: LocalReply) { self.reply = reply }

    /// What to throw for an answer that is none.
    var failure: FileText.Problem {
        guard case .failed(let failure) = reply else { return FileText.Problem("the agent gave an unexpected answer") }
        return FileText.Problem("\(failure)")
    }

    /// Prints how a change has ended.
    ///
    /// - Throws: The exit code of an end that is not the wanted one.
    func printEnd() throws {
        guard case .ended(let end) = reply else { throw failure }
        switch end {
        case .committed(let release): print("\(release) runs")
        case .released: print("rollouts may touch the service again")
        case .reverted(let release, let failure):
            explain(failure)
            FileText.complain("went back to \(release.map(\.description) ?? "nothing: it was the first deployment")")
            throw ExitCode.rolledBack
        case .stuck(let failure):
            explain(failure)
            FileText.complain("neither the new nor the old release runs: look at 'agent status' and the unit's journal")
            throw ExitCode.failed
        case .refused(let failure):
            explain(failure)
            FileText.complain("nothing was changed")
            throw ExitCode.refused
        case .claimState, .claimed, .prepared, .migrated, .awaitingCommit, .discarded, .confirmed: throw self.failure
        }
    }

    private func explain(_ failure: Failure) {
        FileText.complain("\(failure)")
        for line in failure.evidence { FileText.complain("  | \(line)") }
    }
}
