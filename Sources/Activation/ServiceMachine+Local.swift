import Model

extension ServiceMachine {
    /// Does what a person on the host asks for, the same way as a rollout, without waiting for anybody's commit.
    mutating func receive(_ request: LocalRequest, from requester: Requester, at now: Moment) -> [Action] {
        if let activeClaim { return receive(request, from: requester, against: activeClaim, at: now) }
        switch state {
        case .preparing, .changing, .reverting: return [.reply(requester, .refused(busy))]
        case .idle, .prepared: break
        }
        let freed = holding == nil ? [] : dropClaim(because: "\(requester.origin) takes over")
        return freed + perform(request, for: requester, at: now)
    }

    /// While a rollout holds the service, only a person who says why may take it back, and nobody in mid-change.
    private mutating func receive(
        _ request: LocalRequest,
        from requester: Requester,
        against claim: Claim,
        at now: Moment
    ) -> [Action] {
        let refusal = Self.heldBy(claim)
        switch request {
        case .apply, .unhold: return [.reply(requester, .refused(refusal))]
        case .rollback(_, breakingClaim: nil):
            let advice = "in an emergency 'agent rollback --break-claim --reason TEXT' goes back all the same"
            let message = "\(refusal.message); \(advice)"
            return [.reply(requester, .refused(Failure(refusal.code, message, evidence: refusal.evidence)))]
        case .rollback(let digest, let reason?):
            guard !isInFlight else { return [.reply(requester, .refused(busy))] }
            let note = "claim of \(claim.rollout.label) of \(claim.holder) broken: \(reason)"
            return rollBack(to: digest, because: note, breaking: claim.rollout, requester, at: now)
        }
    }

    private mutating func perform(_ request: LocalRequest, for requester: Requester, at now: Moment) -> [Action] {
        switch request {
        case .apply(let release): return apply(release, requester, at: now)
        case .rollback(let digest, let reason): return rollBack(to: digest, because: reason, requester, at: now)
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
        return begin(preparation, local.material, .provenanceAndApprovals)
    }

    /// The second half of `agent apply`.
    mutating func activateLocally(_ preparation: Preparation, at now: Moment) -> [Action] {
        guard let entry = entry(preparation.id.digest) else { return [] }
        return begin(localOrder(preparation.id, .deploy), entry, preparation.requester, at: now)
    }

    /// Goes back, if there is a way; whoever holds the service loses it then, and may not touch it until `unhold`.
    private mutating func rollBack(
        to digest: Digest?,
        because reason: String?,
        breaking claim: RolloutID? = nil,
        _ requester: Requester,
        at now: Moment
    ) -> [Action] {
        let target: CatalogEntry
        do throws(Failure) {
            target = try rollbackTarget(digest)
        } catch {
            return [.reply(requester, .refused(error))]
        }
        let release = target.installed.id
        if isCurrent(release.digest) { return [.reply(requester, .committed(release))] }
        var freed: [Action] = []
        if holding != nil, let reason {
            freed = dropClaim(because: "\(requester.origin): \(reason)")
            held = "\(requester.origin) at \(now.wall): \(reason)"
        }
        let order = localOrder(release, .rollback)
        return freed + begin(order, target, requester, because: reason, breaking: claim, at: now)
    }

    private func rollbackTarget(_ digest: Digest?) throws(Failure) -> CatalogEntry {
        func none(_ message: String) -> Failure { Failure(.nothingToRollBackTo, message) }
        if digest == nil, lastMove == .rollback, distress == nil {
            throw none("\(service) was rolled back already; name a release with --to")
        }
        let wanted = digest ?? (distress == nil ? previous?.digest : current?.digest)
        guard let wanted else { throw none("\(service) had no release before this one") }
        guard let target = entry(wanted) else { throw none("release \(wanted.short) is not on this host") }
        guard target.wasHealthy else { throw none("\(target.installed.id) was never healthy on this host") }
        return target
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
