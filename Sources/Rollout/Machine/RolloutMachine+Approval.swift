package import Model

extension RolloutMachine {
    /// Whether hosts get the target only under an order that people have approved.
    var needsApproval: Bool { plan.approvals > 0 }

    /// Whether the order's time is over, so that no host starts under it.
    var hasLapsedOrder: Bool { state.consent?.hasLapsed ?? false }

    /// Whether a host is still busy with an order that has lapsed meanwhile.
    var isPreparing: Bool { state.hosts.contains { $0.step == .preparing } }

    /// Whether a host still needs an order to get the target.
    var hasHostsToCome: Bool {
        state.hosts.contains { host in
            switch host.step {
            case .ready, .claiming: true
            case .idle: host.isClaimed && host.isConnected
            case .preparing, .unprepared, .moving, .missing, .done, .settled, .back, .failed, .stuck, .skipped: false
            }
        }
    }

    /// Who asked for the rollout.
    package var requester: String { state.holder }

    /// What people have approved, which is all that hosts get; nil while they have not.
    package var grantedOrder: Digest? {
        guard let consent = state.consent, consent.isGranted else { return nil }
        return consent.order?.digest
    }

    /// The order by which a host may still be brought to the target, at the host itself or by catching up.
    ///
    /// Nil where there is none, or where the rollout does not stand for its release any more.
    package var standingOrder: Digest? {
        guard !state.isCondemned else { return nil }
        switch state.phase {
        case .awaitingApproval, .preparing, .migrating, .rolling, .baking, .gating, .confirming:
            return state.consent?.order?.digest
        case .releasing(let outcome), .concluded(let outcome):
            switch outcome {
            case .succeeded, .incomplete: return grantedOrder
            case .rolledBack, .paused, .aborted, .failed, .refused: return nil
            }
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .rollingBack, .aborting: return nil
        }
    }

    /// The order whose time the caller watches, and when it is over by the wall clock.
    package var watchedOrder: (order: Digest, until: WallTime)? {
        guard !state.phase.isConcluded, let consent = state.consent, let order = consent.order, !consent.hasLapsed
        else { return nil }
        return (order.digest, consent.isGranted ? order.validUntil : order.approveBy)
    }

    /// Stands still until people have approved, and goes on in `stage` then.
    mutating func ask(resuming stage: Int?) {
        state.consent = Consent()
        enter(.awaitingApproval(stage: stage))
        askInTime()
    }

    /// Has the order written, unless the people who must approve it would then be asked too early.
    private mutating func askInTime() {
        guard let consent = state.consent, consent.order == nil, consent.isAsked != true, mayAsk else { return }
        state.consent?.isAsked = true
        actions.append(.askApproval(epoch: state.epoch))
    }

    /// Asks again if the coordinator died before the order was kept.
    mutating func recallConsent() {
        guard case .awaitingApproval = state.phase, state.consent?.order == nil else { return }
        state.consent?.isAsked = nil
        askInTime()
    }

    mutating func asked(_ order: AskedOrder) {
        guard case .awaitingApproval = state.phase, let consent = state.consent, consent.order == nil else { return }
        state.consent?.order = order
        actions.append(.announce(.approvalAsked(order, needed: plan.approvals)))
    }

    /// Goes on once enough people have approved.
    mutating func approved(_ stage: Int?) -> Bool {
        askInTime()
        guard state.pause == nil, sums.moving == 0 else { return false }
        let isGranted = isApproved
        state.consent?.isGranted = isGranted
        guard isGranted else { return false }
        guard let stage else {
            // Preparing changes nothing that runs, so it waits for no calendar.
            enterPreparing()
            return true
        }
        guard isOpen else { return false }
        enter(.rolling(stage: stage))
        // What these hosts have accepted, if anything, no longer counts.
        for host in state.hosts.indices where state.hosts[host].isClaimed && state.hosts[host].step.mayBePrepared {
            guard !state.hosts[host].isUnreachable else { continue }
            update(host) { $0.stage = max($0.stage, stage) }
            prepare(host)
        }
        return true
    }

    private var isApproved: Bool {
        guard let consent = state.consent, consent.order != nil, !consent.hasLapsed else { return false }
        return consent.brokenBy != nil || consent.people.count >= peopleNeeded
    }

    /// Distinct people who must approve: two at least once who asked for the rollout is one of them, and never enough alone.
    private var peopleNeeded: Int {
        let people = state.consent?.people ?? []
        return people.contains { PersonalName.isSame($0, state.holder) } ? max(plan.approvals, 2) : plan.approvals
    }

    // MARK: Words

    mutating func obeyApproval(_ approval: Approval) {
        guard case .awaitingApproval = state.phase, let consent = state.consent, let order = consent.order else {
            return refuse("\(id.label) waits for no approval now; `fleet status` shows where it stands")
        }
        guard approval.order == order.digest else {
            return refuse(
                "that was signed for order \(approval.order.short), \(id.label) waits for \(order.digest.short): "
                    + "look at it again with `fleet approve \(id.label)`"
            )
        }
        switch approval.kind {
        case .breakGlass:
            state.consent?.brokenBy = approval.person
            actions.append(.announce(.glassBroken(by: approval.person)))
        case .ordinary:
            guard !consent.people.contains(where: { PersonalName.isSame($0, approval.person) }) else {
                return refuse("\(approval.person) has approved \(id.label) already; another person must")
            }
            state.consent?.people.append(approval.person)
            let have = consent.people.count + 1
            actions.append(.announce(.approved(by: approval.person, have: have, needed: peopleNeeded)))
        }
    }

    mutating func obeyWithdrawal(_ person: String, _ reason: String?) {
        guard case .awaitingApproval = state.phase, let consent = state.consent else {
            return refuse("\(id.label) waits for no approval now; `fleet pause` or `fleet abort` stop it")
        }
        guard consent.people.contains(where: { PersonalName.isSame($0, person) }) else {
            return refuse("\(person) has not approved \(id.label)")
        }
        state.consent?.people.removeAll { PersonalName.isSame($0, person) }
        actions.append(.announce(.approvalWithdrawn(by: person, reason: reason)))
    }

    // MARK: Time

    /// The wall clock says that the order's time is over.
    mutating func lapse(_ order: Digest) {
        guard state.consent?.order?.digest == order else { return }
        lapse()
    }

    /// Ends the order: while it is waited for, people are asked anew; later no host starts before they were.
    mutating func lapse() {
        guard let consent = state.consent, !consent.hasLapsed else { return }
        switch state.phase {
        case .awaitingApproval(let stage):
            actions.append(.announce(.approvalLapsed))
            ask(resuming: stage)
        case .preparing, .migrating, .rolling, .baking, .gating:
            actions.append(.announce(.approvalLapsed))
            state.consent?.hasLapsed = true
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .confirming, .rollingBack, .aborting,
            .releasing, .concluded:
            break
        }
    }

    // MARK: View

    var approvalView: ApprovalView? {
        guard needsApproval else { return nil }
        var isAwaited = false
        if case .awaitingApproval = state.phase { isAwaited = true }
        return ApprovalView(
            order: state.consent?.order?.digest,
            needed: peopleNeeded,
            people: state.consent?.people ?? [],
            brokenBy: state.consent?.brokenBy,
            until: state.consent?.order?.approveBy,
            isAwaited: isAwaited
        )
    }

    var whyAwaitingApproval: String {
        guard let consent = state.consent, let order = consent.order else {
            return mayAsk ? "writes the order to be approved" : whyHeld ?? ""
        }
        guard !consent.isGranted else { return whyHeld ?? "goes on" }
        let people = consent.people.isEmpty ? "" : " (\(consent.people.joined(separator: ", ")))"
        let count = "\(consent.people.count) of \(peopleNeeded) approvals\(people)"
        return "has \(count) until \(order.approveBy); `fleet approve \(id.label)`"
    }
}
