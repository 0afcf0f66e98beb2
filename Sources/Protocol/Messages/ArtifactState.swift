/// Whether a host has an artifact.
package enum ArtifactState: Hashable, Sendable {
    case absent
    /// The host had it before; nothing was sent.
    case present
    /// The host has received, checked and stored it.
    case stored
}
