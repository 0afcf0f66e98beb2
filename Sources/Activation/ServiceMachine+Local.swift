import Model

extension ServiceMachine {
    /// Does what a person on the host asks for, the same way as a rollout, without waiting for anybody's commit.
    mutating func receive(_ request: LocalRequest, from requester: Requester, at now: Moment) -> [Action] {
        if let activeClaim { return receive(request, from: requester, against: activeClaim, at: now) }
        switch state {
        case .preparing, .migrating, .changing, .reverting: return [.reply(requester, .refused(busy))]
        case .idle, .prepared: break
        }
        return perform(request, for: requester, at: now)
    }

    /// While a rollout holds the service, only a person who says why may take it back, and nobody in mid-change.
    private mutating func receive(
        _ request: LocalRequest,
        from requester: Requester,
        against claim: Claim,
        at now: Moment
    ) -> [Action] {
        let refusal = Self.heldBy(claim)
        func refused(_ advice: String) -> [Action] {
            let message = "\(refusal.message); in an emergency \(advice) all the same"
            return [.reply(requester, .refused(Failure(refusal.code, message, evidence: refusal.evidence)))]
        }
        switch request {
        case .unhold, .repair: return [.reply(requester, .refused(refusal))]
        case .apply(let release):
            guard release.order != nil else { return [.reply(requester, .refused(refusal))] }
            guard let reason = release.breakingClaim else {
                return refused("'agent apply --order FILE --break-claim --reason TEXT' carries out an order")
            }
            guard !isBusy else { return [.reply(requester, .refused(busy))] }
            return apply(release, because: Self.broken(claim, reason), breaking: claim.rollout, requester, at: now)
        case .rollback(_, breakingClaim: nil, _):
            return refused("'agent rollback --break-claim --reason TEXT' goes back")
        case .rollback(let digest, let reason?, let leave):
            let note = Self.broken(claim, reason)
            if let kept, digest == nil || digest == kept.predecessor?.id.digest {
                return takeBack(kept, because: note, requester, at: now)
            }
            guard !isInFlight, !isAnybodyPreparing else { return [.reply(requester, .refused(busy))] }
            return rollBack(to: digest, leave, because: note, breaking: claim.rollout, requester, at: now)
        }
    }

    /// Whether something is under way that a person's order must not end before it was verified.
    private var isBusy: Bool {
        switch state {
        case .preparing, .migrating, .changing, .reverting: true
        case .idle, .prepared: false
        }
    }

    /// Whether another person's release is being prepared.
    private var isAnybodyPreparing: Bool {
        guard case .preparing(let preparation) = state, case .local = preparation.requester else { return false }
        return true
    }

    private static func broken(_ claim: Claim, _ reason: String) -> String {
        "claim of \(claim.rollout.label) of \(claim.holder) broken: \(reason)"
    }

    private mutating func perform(_ request: LocalRequest, for requester: Requester, at now: Moment) -> [Action] {
        switch request {
        case .apply(let release): return apply(release, because: release.breakingClaim, requester, at: now)
        case .rollback(let digest, let reason, let leave):
            return rollBack(to: digest, leave, because: reason, requester, at: now)
        case .repair: return repair(for: requester, at: now)
        case .unhold:
            held = nil
            return [.reply(requester, .released)]
        }
    }

    /// The present release again, whatever somebody has made of it; who held the service until it lapsed keeps nothing.
    private mutating func repair(for requester: Requester, at now: Moment) -> [Action] {
        guard let current, distress == nil, let entry = entry(current.digest) else {
            let failure = Failure(.nothingToRollBackTo, "\(service) has no release here that could be repaired")
            return [.reply(requester, .refused(failure))]
        }
        let freed = takeOver(for: current.digest, because: nil, requester, at: now)
        var order = localOrder(current, .restart)
        order.drift = .repair
        return freed + begin(order, entry, requester, on: Warrant(reason: "repair of what has drifted"), at: now)
    }

    /// Who holds the service keeps it until the order was verified: what is refused has taken nothing.
    private mutating func apply(
        _ local: LocalRelease,
        because reason: String?,
        breaking brokenClaim: RolloutID? = nil,
        _ requester: Requester,
        at now: Moment
    ) -> [Action] {
        guard local.release.service == service, local.release.environment == environment else {
            let message = "the release is for \(local.release.service) in \(local.release.environment)"
            return [.reply(requester, .refused(Failure(.orderRefused, message)))]
        }
        if isCurrent(local.digest) { return [.reply(requester, .committed(local.id))] }
        if let read = local.read, let refusal = refusal(ofLocal: read, at: now.wall) {
            return [.reply(requester, .refused(refusal))]
        }
        let preparation = Preparation(
            requester: requester,
            id: local.id,
            release: local.release,
            order: local.order,
            orderDigest: local.orderDigest,
            adoption: local.material.adoptsForeignUnit,
            startedAt: now.wall,
            isInstalled: entry(local.digest) != nil,
            step: .verifying,
            reason: reason,
            brokenClaim: brokenClaim
        )
        return begin(preparation, local.material, .provenanceAndApprovals)
    }

    /// Takes the service from whoever holds it, who may not touch it until `unhold`, or held it until it lapsed.
    private mutating func takeOver(
        for wanted: Digest,
        because reason: String?,
        _ requester: Requester,
        at now: Moment
    ) -> [Action] {
        guard holding != nil else { return [] }
        let isBroken = activeClaim != nil
        let why = reason ?? "takes over"
        let freed = dropClaim(because: "\(requester.origin): \(why)", for: wanted)
        if isBroken { held = "\(requester.origin) at \(now.wall): \(why)" }
        return freed
    }

    /// The second half of `agent apply`.
    mutating func activateLocally(_ preparation: Preparation, at now: Moment) -> [Action] {
        guard let entry = entry(preparation.id.digest) else { return [] }
        // The claim may have been given back meanwhile, and then nothing is broken.
        var warrant = Warrant(reason: preparation.reason, brokenClaim: activeClaim?.rollout)
        if let order = preparation.order {
            name(order, preparation.orderDigest, preparation.verdict, in: &warrant, at: now.wall)
        }
        let freed = takeOver(for: preparation.id.digest, because: preparation.reason, preparation.requester, at: now)
        return freed + begin(localOrder(preparation.id, .deploy), entry, preparation.requester, on: warrant, at: now)
    }

    /// Spends an order, and says by whose leave, for the history and for whoever finds the service held.
    private mutating func name(
        _ order: Order,
        _ digest: Digest?,
        _ verdict: Verdict?,
        in warrant: inout Warrant,
        at now: WallTime
    ) {
        let broken = verdict?.breakGlass.map { ", BREAK-GLASS by \($0.by)" } ?? ""
        let leave = "by the order of \(order.rollout.label), asked for by \(order.requester)\(broken)"
        warrant.reason = warrant.reason.map { "\($0); \(leave)" } ?? leave
        warrant.order = digest
        warrant.breakGlass = verdict?.breakGlass
        warrant.validUntil = spend(order, at: now)
    }

    /// Goes back, if there is a way and a leave; whoever holds the service loses it then.
    private mutating func rollBack(
        to digest: Digest?,
        _ leave: LocalLeave,
        because reason: String?,
        breaking claim: RolloutID? = nil,
        _ requester: Requester,
        at now: Moment
    ) -> [Action] {
        let target: CatalogEntry
        let read: ReadOrder?
        do throws(Failure) {
            target = try rollbackTarget(digest)
            if isCurrent(target.installed.id.digest) { return [.reply(requester, .committed(target.installed.id))] }
            read = try orderBack(to: target, leave, at: now.wall)
        } catch {
            return [.reply(requester, .refused(error))]
        }
        let freed = takeOver(for: target.installed.id.digest, because: reason, requester, at: now)
        var warrant = Warrant(reason: reason, brokenClaim: claim)
        if let read, case .order(_, let verdict) = leave {
            name(read.order, read.orderDigest, verdict, in: &warrant, at: now.wall)
            mark(target.installed.id, verdict.breakGlass)
        }
        return freed + begin(localOrder(target.installed.id, .rollback), target, requester, on: warrant, at: now)
    }

    private mutating func mark(_ release: ReleaseID, _ breakGlass: BreakGlass?) {
        guard let index = catalog.firstIndex(where: { $0.installed.id == release }) else { return }
        catalog[index].installed.breakGlass = breakGlass
    }

    /// The order by which a person may go back to `target`; nil where that takes none.
    ///
    /// - Throws: Why they may not.
    private func orderBack(
        to target: CatalogEntry,
        _ leave: LocalLeave,
        at now: WallTime
    ) throws(Failure) -> ReadOrder? {
        let release = target.installed.id
        // The confirmed predecessor, and what ran before a change that got stuck, are everybody's way back.
        if isConfirmedPredecessor(release.digest) || distress != nil && current == release { return nil }
        switch leave {
        case .notDemanded: return nil
        case .refused(let failure): throw failure
        case .order(let read, let verdict):
            guard read.releaseDigest == release.digest else {
                throw Failure(.orderRefused, "the order is for \(read.id), not for \(release)")
            }
            if let refusal = refusal(ofLocal: read, at: now) { throw refusal }
            guard verdict.permits == .activation else {
                throw Failure(.approvalRefused, "nobody has approved that \(release) runs here again")
            }
            return read
        }
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
            activateWithin: settings.localActivateWithin + (traffic?.drainWithin ?? .zero)
                + idleTime([standing, entry(release.digest)?.deployment(in: instance)]),
            commitWithin: settings.localActivateWithin
        )
    }
}
