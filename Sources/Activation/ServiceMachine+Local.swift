import Model

extension ServiceMachine {
    /// Does what a person on the host asks for, the same way as a rollout, without waiting for anybody's commit.
    mutating func receive(_ request: LocalRequest, from requester: Requester, at now: Moment) -> [Action] {
        if let holding { return [.reply(requester, .refused(Self.heldBy(holding.claim)))] }
        switch state {
        case .preparing, .changing, .reverting: return [.reply(requester, .refused(busy))]
        case .idle, .prepared: break
        }
        switch request {
        case .apply(let release):
            forgetLapsedClaim()
            return apply(release, requester, at: now)
        case .rollback(let digest):
            forgetLapsedClaim()
            return rollBack(to: digest, requester, at: now)
        case .unhold:
            held = nil
            return [.reply(requester, .released)]
        }
    }

    private mutating func apply(_ local: LocalRelease, _ requester: Requester, at now: Moment) -> [Action] {
        guard local.release.service == service, local.release.environment == environment else {
            let message = "the release is for \(local.release.service) in \(local.release.environment)"
            return [.reply(requester, .refused(Failure(.orderRefused, message)))]
        }
        if isCurrent(local.digest) { return [.reply(requester, .committed(local.id))] }
        let preparation = Preparation(
            requester: requester,
            id: local.id,
            release: local.release,
            order: nil,
            adoption: local.material.adoptsForeignUnit,
            startedAt: now.wall,
            isInstalled: entry(local.digest) != nil,
            step: .verifying
        )
        return begin(preparation, local.material, .provenance)
    }

    /// The second half of `agent apply`.
    mutating func activateLocally(_ preparation: Preparation, at now: Moment) -> [Action] {
        guard let entry = entry(preparation.id.digest) else { return [] }
        return begin(localOrder(preparation.id, .deploy), entry, preparation.requester, at: now)
    }

    private mutating func rollBack(to digest: Digest?, _ requester: Requester, at now: Moment) -> [Action] {
        func none(_ message: String) -> [Action] {
            [.reply(requester, .refused(Failure(.nothingToRollBackTo, message)))]
        }
        if digest == nil, lastMove == .rollback, distress == nil {
            return none("\(service) was rolled back already; name a release with --to")
        }
        let wanted = digest ?? (distress == nil ? previous?.digest : current?.digest)
        guard let wanted else { return none("\(service) had no release before this one") }
        guard let target = entry(wanted) else { return none("release \(wanted.short) is not on this host") }
        guard target.wasHealthy else { return none("\(target.installed.id) was never healthy on this host") }
        if isCurrent(wanted) { return [.reply(requester, .committed(target.installed.id))] }
        return begin(localOrder(target.installed.id, .rollback), target, requester, at: now)
    }

    private func localOrder(_ release: ReleaseID, _ purpose: Purpose) -> ActivateOrder {
        ActivateOrder(
            release: release,
            purpose: purpose,
            activateWithin: settings.localActivateWithin,
            commitWithin: settings.localActivateWithin
        )
    }
}
