package import Model

/// Which rollouts of other services a plan has to do with.
///
/// Two that change the same hosts at once could take more out of service than either of them sees, so the later one waits
/// for the earlier. Agents replace themselves under services that run on, so theirs are nobody's concern, and a way back
/// waits for nobody.
package struct ConcurrencyRule: Sendable {
    private let plan: Plan
    private let hosts: Set<HostID>
    private let after: Set<ServiceName>

    /// The rule for `plan`; the services `after` come first in its environment.
    package init(_ plan: Plan, after: [ServiceName] = []) {
        self.plan = plan
        hosts = Set(plan.hosts.map(\.id))
        self.after = Set(after)
    }

    /// What the plan has to do with `other`; nil for nothing.
    package func finds(_ other: Plan, as rollout: RolloutID) -> ConcurrentRollout? {
        guard plan.kind != .rollback, plan.service != other.service, plan.service != .agent, other.service != .agent
        else {
            return nil
        }
        let shared = other.hosts.count { hosts.contains($0.id) }
        let comesFirst = after.contains(other.service) && other.environment == plan.environment
        guard shared > 0 || comesFirst else { return nil }
        return ConcurrentRollout(
            rollout: rollout,
            service: other.service,
            environment: other.environment,
            sharedHosts: shared,
            mustSucceed: comesFirst && plan.kind == .deploy
        )
    }
}
