import Model

/// The service leaves the host.
extension ServiceMachine {
    /// Takes the running release back as if nothing had ever run before it.
    mutating func removeService(
        _ digest: Digest,
        _ reason: String,
        _ requester: Requester,
        at now: Moment
    ) -> [Action] {
        let removed = Failure(.cancelled, reason)
        switch state {
        case .changing, .reverting, .preparing, .prepared, .migrating: return answer(requester, .refused(busy))
        case .idle: break
        }
        guard distress == nil else { return answer(requester, .refused(busy)) }
        guard let current else { return answer(requester, .reverted(to: nil, failure: removed)) }
        guard isCurrent(digest), let target = entry(digest)?.deployment(in: instance) else {
            let message =
                "runs \(current), and was told to remove \(digest.short): look what the host runs, and say it again"
            return answer(requester, .refused(Failure(.orderRefused, message)))
        }
        return revert(undo(of: target, adopted: nil, requester, at: now), because: removed, at: now)
    }

    /// Nothing of the service is left: what is kept for a way back goes, too.
    mutating func forgetReleases() -> [Action] {
        previous = nil
        holding?.named = []
        return catalog.map(\.installed.id.digest).flatMap { remove($0) }
    }
}
