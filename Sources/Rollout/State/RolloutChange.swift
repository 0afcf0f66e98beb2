/// What a turn has changed in the state of a rollout.
package struct RolloutChange: Hashable, Sendable {
    /// The state without its hosts.
    package let head: RolloutState
    /// In ascending order.
    package let hosts: [HostChange]
}
