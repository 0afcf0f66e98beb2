package import Model

extension ServiceMachine {
    /// Why an order that a person brings to the host itself is not carried out, or nil.
    ///
    /// It is a host's only once, and only while nothing newer was seen there.
    package func refusal(ofLocal read: ReadOrder, at now: WallTime) -> Failure? {
        let order = read.order
        if let mismatch = mismatch(of: read) { return mismatch }
        if let excess = order.excess(at: now) { return Failure(.orderRefused, "the order \(excess)") }
        guard fence.admits(order.rollout, order.epoch) else {
            return Failure(
                .epochStale,
                "the order is of \(order.rollout.label), epoch \(order.epoch), and epoch \(fence.epoch) was seen here"
            )
        }
        // Accepted when its rollout prepared this host, which had no turn since.
        if let permit, permit.order == order, let orderMark, orderMark.isOf(order), !orderMark.isSpent {
            return expiry(permit, at: now)
        }
        return refusal(ofLate: order, at: now)
    }

    /// Why an order is not accepted any more by a host that was away, or nil; one that is still in time is not late.
    func refusal(ofLate order: Order, at now: WallTime) -> Failure? {
        if let orderMark, !orderMark.precedes(order), !orderMark.isOf(order) || orderMark.release != nil {
            let what = orderMark.release.map { "an order of \(orderMark.rollout.label) for \($0.short) was accepted" }
            return Failure(
                .orderRefused,
                "the order of \(order.rollout.label) counts no more here, where "
                    + (what ?? "\(orderMark.rollout.label) has gone back since") + ": ask for another approval"
            )
        }
        guard now > order.startBy || now > order.validUntil else { return nil }
        guard now > order.catchUpUntil else { return nil }
        return Failure(
            .orderExpired,
            "the order had to start by \(order.startBy), and could be caught up with until \(order.catchUpUntil); it is "
                + "\(now) here"
        )
    }

    /// What the order of a rollout must say, which a claim has brought here.
    func refusal(ofClaimed order: Order, at now: WallTime) -> Failure? {
        func refused(_ message: String) -> Failure { Failure(.orderRefused, message) }
        guard order.rollout == holding?.claim.rollout, order.epoch == holding?.claim.epoch else {
            return refused("the order is of \(order.rollout.label) epoch \(order.epoch), which holds no claim here")
        }
        if let excess = order.excess(at: now) { return refused("the order \(excess)") }
        guard permit?.order == order || now <= order.startBy else {
            return refused("the order had to start by \(order.startBy), it is \(now) here")
        }
        return now <= order.validUntil ? nil : Self.expired(order.validUntil, now)
    }

    /// What an order must say with which its ledger lets a host catch up that was away.
    func refusal(ofCatchingUpWith order: Order, at now: WallTime) -> Failure? {
        guard let claim = holding?.claim, order.isWithin(claim) else {
            let message =
                "the order is of \(order.rollout.label) epoch \(order.epoch), of which no claim here may speak"
            return Failure(.orderRefused, message)
        }
        if let excess = order.excess(at: now) { return Failure(.orderRefused, "the order \(excess)") }
        if let permit, permit.order == order, permit.covers(order.release, under: claim) {
            return expiry(permit, at: now)
        }
        return refusal(ofLate: order, at: now)
    }

    /// What an order must say, whoever brings it.
    func mismatch(of read: ReadOrder) -> Failure? {
        let order = read.order
        func refused(_ message: String) -> Failure { Failure(.orderRefused, message) }
        guard order.service == service, order.environment == environment else {
            return refused("the order is for \(order.service) in \(order.environment)")
        }
        guard read.release.service == service, read.release.environment == environment else {
            return refused("the release is for \(read.release.service) in \(read.release.environment)")
        }
        guard order.hosts.contains(host) else { return refused("the order does not name \(host)") }
        guard order.release == read.releaseDigest else {
            return refused("the order names release \(order.release.short), found \(read.releaseDigest.short)")
        }
        return nil
    }

    func expiry(_ permit: Permit, at now: WallTime) -> Failure? {
        now > permit.until ? Self.expired(permit.until, now) : nil
    }

    static func expired(_ validUntil: WallTime, _ now: WallTime) -> Failure {
        Failure(.orderExpired, "the order was valid until \(validUntil), it is \(now) here")
    }

    // MARK: What was taken

    /// Takes an order as leave for its rollout.
    mutating func accept(_ order: Order, _ digest: Digest?, of release: ReleaseID, catchingUp: Permit.CatchUp?) {
        permit = Permit(order: order, release: release, digest: digest, catchUp: catchingUp)
        guard orderMark?.isOf(order) != true || orderMark?.release == nil else { return }
        orderMark = OrderMark(rollout: order.rollout, epoch: order.epoch, release: order.release)
    }

    /// Takes an order that a person carries out here: nothing older takes effect after it, and itself not again.
    ///
    /// Returns the last moment to switch under it.
    mutating func spend(_ order: Order, at now: WallTime) -> WallTime {
        let until = permit?.order == order ? permit?.until : nil
        if fence.rollout != order.rollout || fence.epoch != order.epoch { log.reset() }
        fence = Fence(epoch: order.epoch, rollout: order.rollout)
        permit = nil
        orderMark = OrderMark(rollout: order.rollout, epoch: order.epoch, release: order.release, isSpent: true)
        return until ?? (now <= order.startBy ? order.validUntil : order.catchUpUntil)
    }

    /// This host was away when a rollout ended and gave its claims back: what it was ordered then may still come late.
    ///
    /// Not once the release was tried and did not work, and not what a person has carried out or taken back.
    mutating func reopenOrder(of claim: Claim) {
        guard let mark = orderMark, mark.rollout == claim.rollout, mark.epoch == claim.epoch, mark.release != nil else {
            return
        }
        guard !mark.isSpent || wasCutOff(in: claim) else { return }
        orderMark = OrderMark(rollout: mark.rollout, epoch: mark.epoch)
    }

    /// Whether the last change ended because nobody was there to say that it stays.
    private func wasCutOff(in claim: Claim) -> Bool {
        guard let last, last.phase == .reverted, case .rollout(let request) = last.origin,
            request.rollout == claim.rollout, request.epoch == claim.epoch
        else { return false }
        return last.failure?.code == .rebooted || last.failure?.code == .commitMissing
    }

    /// A rollout that goes back has begun: no host catches up with what was ordered before it.
    mutating func voidOrders(before claim: Claim) {
        guard orderMark?.rollout != claim.rollout || orderMark?.epoch != claim.epoch else { return }
        orderMark = OrderMark(rollout: claim.rollout, epoch: claim.epoch)
    }
}

extension Order {
    /// Whether whoever holds `claim` may speak of this order: it is of the claim, or of an earlier rollout of its ledger.
    fileprivate func isWithin(_ claim: Claim) -> Bool {
        if rollout == claim.rollout { return epoch == claim.epoch }
        return claim.rollout.succeeds(rollout)
    }
}
