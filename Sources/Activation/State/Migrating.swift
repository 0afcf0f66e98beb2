import Model

/// The migration of a prepared release, under way.
struct Migrating: Hashable, Codable, Sendable {
    let requester: Requester
    let id: ReleaseID
    /// What was prepared, and is again when it has ended; nil where the release was on the disk before.
    let preparation: Preparation?
}
