/// A release on a host's disk.
package struct InstalledRelease: Hashable, Codable, Sendable {
    package var id: ReleaseID
    package var artifact: Digest
    package var source: SourceRevision?
    /// When it became current; nil if it never was.
    package var since: WallTime?
    /// Whether its rollout succeeded in this environment.
    package var isConfirmed: Bool
    /// Set when it came in without the approvals that this host demands.
    package var breakGlass: BreakGlass?

    package init(
        id: ReleaseID,
        artifact: Digest,
        source: SourceRevision? = nil,
        since: WallTime? = nil,
        isConfirmed: Bool = false,
        breakGlass: BreakGlass? = nil
    ) {
        self.id = id
        self.artifact = artifact
        self.source = source
        self.since = since
        self.isConfirmed = isConfirmed
        self.breakGlass = breakGlass
    }
}
