import Model
import Rollout

/// A server as the coordinator meets it: follows the rules of activation, in virtual time.
struct ModelHost {
    let fate: Scenario.Fate
    var isOn = true
    var isHealthy = true
    /// Switched so recently that nobody has looked yet.
    var isUnsure = false
    var current: ReleaseID?
    var previous: ReleaseID?
    var isConfirmed = true
    var operation: OperationReport?
    var claim: Claim?
    var fence: (epoch: Epoch, ledger: LedgerID?) = (.none, nil)
    /// Of the claim that is held.
    var lastSequence: Int64 = 0
    var isPrepared = false
    /// Answers given, by request; nil while it is being performed.
    var log: [(id: RequestID, reply: HostReply?)] = []
    /// Requests that wait for the end of the running change.
    var waiting: [(coordinator: Int, id: RequestID)] = []
    /// Counts changes and power cycles, so that what was planned before is void.
    var era = 0

    var isChanging: Bool { operation?.phase.isInFlight ?? false }

    var facts: ServiceFacts {
        let seen: Health = isHealthy && current != nil ? .healthy : .unhealthy(reason: "check failed")
        return ServiceFacts(
            current: current,
            isConfirmed: isConfirmed,
            health: isUnsure ? .unknown : seen,
            operation: operation
        )
    }

    /// What a host does about a message; times are milliseconds from now.
    enum Effect {
        case reply(coordinator: Int, RequestID, HostReply)
        case report
        /// The change goes on by itself, unless its era has passed.
        case goOn(after: Int64)
        case fallIll(after: Int64)
        case look(after: Int64)
        case commitDeadline(after: Int64)
        case prepared(coordinator: Int, RequestID, after: Int64)
    }

    mutating func receive(_ ask: HostAsk, _ id: RequestID, from coordinator: Int, _ draw: inout SeededGenerator)
        -> [Effect]
    {
        if fate == .freezes, operation?.phase == .switching { return [] }
        if case .inspectClaim = ask {
            return [.reply(coordinator: coordinator, id, .claimState(highest: fence.epoch, claim: claim))]
        }
        if let known = log.first(where: { $0.id == id }) {
            return known.reply.map { [.reply(coordinator: coordinator, id, $0)] } ?? []
        }
        if case .claim(let asked) = ask { return [.reply(coordinator: coordinator, id, take(asked, id))] }
        if let refusal = refusal(id) { return [.reply(coordinator: coordinator, id, .refused(refusal))] }
        lastSequence = id.sequence
        log.append((id, nil))
        switch ask {
        case .inspectClaim, .claim: return []
        case .releaseClaim:
            guard !isChanging else { return answer(coordinator, id, .refused(Failure(.busy, "is changing"))) }
            claim = nil
            return answer(coordinator, id, .released)
        case .prepare: return [.prepared(coordinator: coordinator, id, after: Int64(draw.number(50...8000)))]
        case .activate(let order): return activate(order, id, coordinator, &draw)
        case .commit(let release): return commit(release, id, coordinator)
        case .revert(let release, let reason): return revert(release, reason, id, coordinator)
        case .confirm:
            isConfirmed = true
            return answer(coordinator, id, .confirmed(current ?? Scenario.target))
        }
    }

    private mutating func take(_ asked: Claim, _ id: RequestID) -> HostReply {
        if let claim, claim.rollout != asked.rollout {
            return .refused(Failure(.claimRefused, "held by \(claim.holder)"))
        }
        let isNewer = fence.ledger.map { (asked.epoch, asked.rollout.ledger) > (fence.epoch, $0) } ?? true
        guard isNewer || (fence.epoch == asked.epoch && fence.ledger == asked.rollout.ledger) else {
            return .refused(Failure(.epochStale, "seen \(fence.epoch)"))
        }
        fence = (asked.epoch, asked.rollout.ledger)
        claim = asked
        lastSequence = id.sequence
        log.append((id, .claimed(highest: fence.epoch)))
        return .claimed(highest: fence.epoch)
    }

    private func refusal(_ id: RequestID) -> Failure? {
        guard let claim, claim.rollout == id.rollout else { return Failure(.claimRefused, "no claim") }
        guard claim.epoch == id.epoch, id.sequence >= lastSequence else { return Failure(.epochStale, "overtaken") }
        return nil
    }

    mutating func answer(_ coordinator: Int, _ id: RequestID, _ reply: HostReply) -> [Effect] {
        if let index = log.firstIndex(where: { $0.id == id }) { log[index].reply = reply }
        return [.reply(coordinator: coordinator, id, reply)]
    }

    private mutating func answerWaiting(_ reply: HostReply) -> [Effect] {
        let all = waiting
        waiting = []
        return all.flatMap { answer($0.coordinator, $0.id, reply) }
    }

    private mutating func activate(
        _ order: ActivateOrder,
        _ id: RequestID,
        _ coordinator: Int,
        _ draw: inout SeededGenerator
    ) -> [Effect] {
        guard !isChanging else { return answer(coordinator, id, .refused(Failure(.busy, "is changing"))) }
        if order.purpose != .restart, current == order.release {
            return answer(coordinator, id, .committed(order.release))
        }
        guard order.purpose != .deploy || isPrepared else {
            return answer(coordinator, id, .refused(Failure(.artifactMissing, "not prepared")))
        }
        operation = OperationReport(
            origin: .rollout(id),
            purpose: order.purpose,
            target: order.release,
            predecessor: current,
            phase: .switching,
            startedAt: WallTime(milliseconds: 0)
        )
        era += 1
        waiting = [(coordinator, id)]
        let hangs = fate == .hangs && order.release == Scenario.target
        let time = hangs ? order.activateWithin.milliseconds : Int64(draw.number(100...20_000))
        return [.report, .goOn(after: time)]
    }

    /// The end of switching, starting and checking.
    mutating func finishActivation(commitWithin: TimeSpan, looksAfter: Int64) -> [Effect] {
        guard operation?.phase == .switching, let target = operation?.target else { return [] }
        let isNew = target == Scenario.target
        switch fate {
        case .failsChecks where isNew: return goBack(Failure(.checkFailed, "status 500"))
        case .hangs where isNew: return goBack(Failure(.deadline, "too slow"))
        case .getsStuck where isNew:
            let failure = Failure(.unitStart, "nothing starts")
            operation?.phase = .stuck
            operation?.failure = failure
            isHealthy = false
            return answerWaiting(.stuck(failure)) + [.report]
        case .freezes where isNew: return []
        case .works, .failsToPrepare, .failsChecks, .getsStuck, .hangs, .freezes, .fallsIll: break
        }
        current = target
        isHealthy = true
        isUnsure = looksAfter > 0
        operation?.phase = .awaitingCommit
        let look: [Effect] = isUnsure ? [.look(after: looksAfter)] : []
        let waiting = answerWaiting(.awaitingCommit(target))
        return waiting + [.report, .commitDeadline(after: commitWithin.milliseconds)] + look
    }

    /// Back on the release before, as at a failure, a deadline or a revert.
    mutating func goBack(_ failure: Failure) -> [Effect] {
        guard isChanging else { return [] }
        current = operation?.predecessor
        isHealthy = true
        isUnsure = false
        operation?.phase = .reverted
        operation?.failure = failure
        era += 1
        return answerWaiting(.reverted(to: current, failure: failure)) + [.report]
    }

    private mutating func commit(_ release: Digest, _ id: RequestID, _ coordinator: Int) -> [Effect] {
        guard isChanging else { return answer(coordinator, id, settled(release)) }
        guard let target = operation?.target, operation?.phase == .awaitingCommit, target.digest == release else {
            return answer(coordinator, id, .refused(Failure(.busy, "is changing")))
        }
        previous = operation?.predecessor
        operation?.phase = .committed
        isConfirmed = false
        era += 1
        var effects = answer(coordinator, id, .committed(target)) + [.report]
        if case .fallsIll(let after) = fate, target == Scenario.target { effects.append(.fallIll(after: after)) }
        return effects
    }

    /// What became of a release that is no longer being changed to.
    private func settled(_ release: Digest) -> HostReply {
        if let operation, operation.target.digest == release, let failure = operation.failure {
            return operation.phase == .stuck ? .stuck(failure) : .reverted(to: current, failure: failure)
        }
        if let current, current.digest == release { return .committed(current) }
        return .reverted(to: current, failure: Failure(.cancelled, "never switched"))
    }

    private mutating func revert(_ release: Digest, _ reason: String, _ id: RequestID, _ coordinator: Int) -> [Effect] {
        guard isChanging, operation?.target.digest == release else {
            return answer(coordinator, id, settled(release))
        }
        waiting.append((coordinator, id))
        return goBack(Failure(.cancelled, reason))
    }
}
