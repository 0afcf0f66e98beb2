package import Model

extension ServiceMachine {
    /// Releases that must stay on the disk, whatever else goes.
    package var pinned: [ReleaseID] {
        var digests = [current?.digest, previous?.digest, linked?.digest, permit?.release.digest]
        digests += (holding?.named ?? []).map(Optional.some)
        digests.append(holding?.undo?.release?.digest)
        switch state {
        case .idle: break
        case .preparing(let preparation), .prepared(let preparation): digests.append(preparation.id.digest)
        case .migrating(let migrating): digests.append(migrating.id.digest)
        case .changing(let change), .reverting(let change, _): digests += Self.releases(of: change)
        }
        if let distress { digests += Self.releases(of: distress) }
        return catalog.map(\.installed.id).filter { digests.contains($0.digest) }
    }

    private static func releases(of change: Change) -> [Digest?] {
        [change.target.id.digest, change.predecessor?.id.digest]
    }

    /// Lets the oldest releases go, beyond the number to keep and never a pinned one.
    mutating func retention(for wanted: Digest? = nil) -> [Action] {
        var kept = pinned
        if let wanted = entry(wanted)?.installed.id, !kept.contains(wanted) { kept.append(wanted) }
        let spare = catalog.map(\.installed.id).filter { !kept.contains($0) }
        let excess = max(0, catalog.count - max(settings.keep, kept.count))
        return spare.prefix(excess).flatMap { remove($0.digest) }
    }

    /// Takes a release out of the catalog, so that nothing counts on it, and asks for its tree to go.
    mutating func remove(_ digest: Digest) -> [Action] {
        guard let entry = entry(digest), !pinned.contains(entry.installed.id) else { return [] }
        catalog.removeAll { $0.installed.id.digest == digest }
        condemned.append(entry.installed.id)
        return [.delete(entry.installed.id)]
    }

    mutating func deleted(_ release: ReleaseID) -> [Action] {
        condemned.removeAll { $0 == release }
        return []
    }
}
