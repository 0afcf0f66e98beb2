/// Where the very same artifact must have succeeded before an environment takes it: a partial order of environments.
package struct ProvenPolicy: Hashable, Codable, Sendable {
    /// Of the same service, at least one, each once; all of them must hold.
    package var environments: [EnvironmentName]
    /// How long ago the rollout there must have ended, at least.
    package var span: TimeSpan
    /// Whether somebody must have gone back from it there, to the release before, and to it again.
    package var wayBack: Bool

    package init(environments: [EnvironmentName], span: TimeSpan = .zero, wayBack: Bool = false) {
        self.environments = environments
        self.span = span
        self.wayBack = wayBack
    }
}
