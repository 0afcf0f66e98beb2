package import Model

/// What a person may say to a running rollout.
package enum OperatorWord: Hashable, Codable, Sendable {
    /// No new host starts; hosts in flight finish and commit.
    case pause(reason: String?)
    /// Go on; accepts the absences and failures so far. `floor` replaces the plan's floor and needs a reason.
    case resume(floor: Int?, reason: String?)
    /// Go on, and give the hosts of this stage that failed, and run what they ran before, another turn.
    case retry(reason: String?)
    /// No new start, hosts in flight revert, finished hosts stay.
    case abort(reason: String?)
    /// Everything that this rollout has changed goes back, keeping the floor (`abort --rollback`).
    case rollBack(reason: String?)
    /// Leave a host out that has not been changed, or stop waiting for one that is lost.
    case skip(host: Int, reason: String)
    /// Yes to the order that was asked about.
    case approve(Approval)
    /// Takes one's yes back while it is still waited for.
    case withdrawApproval(person: String, reason: String?)
    /// Yes to the gates of this stage that wait for a person; `person` is who has said so, whatever the word said before.
    case promote(stage: Int, person: String, reason: String?)

    /// Why, where the person said so.
    package var reason: String? {
        switch self {
        case .pause(let reason), .resume(_, let reason), .retry(let reason), .abort(let reason), .rollBack(let reason):
            reason
        case .skip(_, let reason): reason
        case .withdrawApproval(_, let reason), .promote(_, _, let reason): reason
        case .approve: nil
        }
    }

    /// The same word in the name of who has said it, where the rollout remembers that.
    package func said(by person: String) -> Self {
        switch self {
        case .promote(let stage, _, let reason): .promote(stage: stage, person: person, reason: reason)
        case .pause, .resume, .retry, .abort, .rollBack, .skip, .approve, .withdrawApproval: self
        }
    }
}
