import Model

extension ServiceMachine {
    /// Recognises a repetition, holds a command against the claim, and hands it to its own decision.
    mutating func receive(_ command: HostCommand, _ reading: Reading, at now: Moment) -> [Action] {
        let id = command.id
        guard command.service == service, command.environment == environment else {
            let message = "sent to \(service) in \(environment), speaks of \(command.service) in \(command.environment)"
            return [.reply(.command(id), .refused(Failure(.orderRefused, message)))]
        }
        let kind = RequestKind(command.request)
        if kind == .inspectClaim {
            return [.reply(.command(id), .claimState(highest: fence.epoch, claim: activeClaim))]
        }
        if let known = log[id] { return again(known, kind) }
        if case .claim(let claim) = command.request {
            let actions = self.claim(claim, reading, id, at: now)
            if command.history?.purpose == .rollback, holding?.claim == claim { voidOrders(before: claim) }
            return actions
        }
        if let refusal = refusal(of: id) { return [.reply(.command(id), .refused(refusal))] }
        log.begin(id, kind)
        return holderHeard(id.rollout, at: now) + decide(command.request, reading, .command(id), at: now)
    }

    private mutating func decide(
        _ request: HostRequest,
        _ reading: Reading,
        _ requester: Requester,
        at now: Moment
    ) -> [Action] {
        switch request {
        case .inspectClaim, .claim: []  // answered before
        case .releaseClaim: releaseClaim(requester)
        case .prepare(let material): prepare(material, reading, requester, at: now)
        case .migrate(let release): migrate(release, requester, at: now)
        case .activate(let order): activate(order, requester, at: now)
        case .commit(let release): commit(release, requester, at: now)
        case .revert(let release, let reason): revert(release, reason, requester, at: now)
        case .remove(let release, let reason): removeService(release, reason, requester, at: now)
        case .discard(let release): discard(release, requester)
        case .confirm(let release): confirm(release, requester)
        }
    }

    /// The answer that was given before; none yet while the request is being performed, which answers it.
    private func again(_ known: RequestLog.Entry, _ kind: RequestKind) -> [Action] {
        guard known.kind == kind else {
            let message = "\(known.id) was a request to \(known.kind.rawValue), not to \(kind.rawValue)"
            return [.reply(.command(known.id), .refused(Failure(.orderRefused, message)))]
        }
        return known.reply.map { [.reply(.command(known.id), $0)] } ?? []
    }

    /// Why a request is none of the claim that is held here; nothing is remembered of it.
    private func refusal(of id: RequestID) -> Failure? {
        guard let holding else {
            guard id.epoch >= fence.epoch else { return stale(id) }
            return Failure(.claimMissing, "\(id.rollout.label) holds no claim on \(service) here: it must claim first")
        }
        guard holding.claim.rollout == id.rollout else {
            return id.epoch < fence.epoch ? stale(id) : Self.heldBy(holding.claim)
        }
        guard holding.claim.epoch == id.epoch else { return stale(id) }
        return id.sequence < log.lastSequence ? overtaken(id) : nil
    }

    /// Refusal while another change is under way.
    var busy: Failure {
        guard let operation else { return Failure(.busy, "\(service) is being changed") }
        let message = "\(operation.target) is \(operation.phase.rawValue) for \(operation.origin)"
        return Failure(.busy, message)
    }
}
