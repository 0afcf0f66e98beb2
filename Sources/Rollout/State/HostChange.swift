/// The new state of one host.
package struct HostChange: Hashable, Sendable {
    /// Its index in the plan.
    package let host: Int
    package let state: HostState

    package init(host: Int, state: HostState) {
        self.host = host
        self.state = state
    }
}
