/// What a host does with a release that waits for its commit when the deadline is over.
package enum CommitMissingPolicy: String, Codable, Sendable, CaseIterable {
    /// The release before comes back.
    case revert
    /// A release that is healthy then stays, uncommitted and claimed, until its rollout or a person decides.
    case keep
}
