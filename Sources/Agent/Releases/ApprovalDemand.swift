internal import Model

/// How many people must have approved what a host does, by its own policy.
struct ApprovalDemand: Sendable {
    enum Undertaking: Sendable {
        case activating
        case goingBack
        case removing
    }

    /// Distinct people.
    let people: Int
    let service: ServiceName
    let environment: EnvironmentName
    /// Path of the policy.
    let policy: String

    var words: String { "the approval of \(people == 1 ? "1 person" : "\(people) people")" }

    /// Why nothing is done without an order.
    func failure(_ undertaking: Undertaking) -> Failure {
        let rule = "\(policy) demands \(words) for \(service) in \(environment)"
        let order = "take one that was approved along ('fleet approvals R17 --export FILE', then --order FILE)"
        return switch undertaking {
        case .activating:
            Failure(
                .approvalRefused,
                "\(rule), and there is no order that somebody could have approved; roll it out with 'fleet rollout', \(order), "
                    + "or go back with 'agent rollback'"
            )
        case .removing:
            Failure(
                .approvalRefused,
                "\(rule), and there is no order that would remove it: take the demand out of that policy first"
            )
        case .goingBack:
            Failure(
                .approvalRefused,
                "\(rule), and only the confirmed release before the present one is a way back without; roll it out with "
                    + "'fleet rollback --to', or \(order)"
            )
        }
    }
}
