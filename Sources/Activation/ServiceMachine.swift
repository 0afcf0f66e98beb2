package import Model

/// Every decision about one service on one host, without performing any of it.
///
/// The shell stores the machine after each event and only then performs the returned actions. At most one effect is
/// awaited at a time; its result carries the effect's token, so that a late or repeated result changes nothing.
package struct ServiceMachine: Hashable, Codable, Sendable {
    package let host: HostID
    package let service: ServiceName
    package let environment: EnvironmentName
    /// From the host's own configuration, which may change between two runs of the agent.
    package var settings: ServiceSettings

    var state: MachineState = .idle

    // Who may ask.
    var fence = Fence(epoch: .none)
    var holding: Holding?
    var permit: Permit?
    /// The newest order that was accepted, or is void; nil before any.
    var orderMark: OrderMark?
    var log = RequestLog()
    /// Why no rollout may touch the service.
    var held: String?

    // What is on the disk.
    /// Committed, or reverted to.
    var current: ReleaseID?
    /// The instance of its template unit that runs it; nil with any other unit.
    var instance: InstanceName?
    /// Committed before it.
    var previous: ReleaseID?
    /// What the `current` link names, as far as the machine knows.
    var linked: ReleaseID?
    /// In order of installation.
    var catalog: [CatalogEntry] = []
    /// Trees whose removal was asked for and not yet reported.
    var condemned: [ReleaseID] = []
    /// Why the service moved last; a restart does not count.
    var lastMove: Purpose?
    /// Who takes the service once the release of a rollout that has ended is taken back.
    var heir: Heir?

    // What has happened.
    var last: OperationReport?
    /// A change that could neither be finished nor taken back.
    var distress: Change?
    /// Its failure as shown.
    var distressFailure: Failure?
    /// A drain hook has begun and no undrain hook has ended since.
    var isDrained = false
    /// The load balancers that a coordinator has named last; what people change on the host goes by them, too.
    var traffic: TrafficPolicy?
    /// Where this host gets no traffic because it has said so, and has not taken that back.
    var takenOut: [TrafficServer]?
    var boot: String?
    var generation: Int64 = 0
    /// The one effect whose result counts.
    var awaited: Token?
    var health: Health = .unknown
    var observation: Observation?
    var drift: [String] = []

    package init(
        host: HostID,
        service: ServiceName,
        environment: EnvironmentName,
        settings: ServiceSettings = ServiceSettings()
    ) {
        self.host = host
        self.service = service
        self.environment = environment
        self.settings = settings
    }

    /// Applies `event` and returns what the shell must do once the new state is stored.
    ///
    /// Late and repeated events are normal; they return no actions, or the answer that was given before.
    package mutating func handle(_ event: Event, at now: Moment) -> [Action] {
        let (before, ended) = (operation, last)
        let overdue = notice(now)
        let actions = overdue + apply(event, at: now)
        return actions + announcement(since: before, ended)
    }

    private mutating func apply(_ event: Event, at now: Moment) -> [Action] {
        switch event {
        case .command(let command, let reading): receive(command, reading, at: now)
        case .local(let request, let requester): receive(request, from: requester, at: now)
        case .finished(let token, let result): finished(token, result, at: now)
        case .woke: []
        case .deadManFired: deadManFired(at: now)
        case .holderHeard(let rollout): holderHeard(rollout, at: now)
        case .observed(let observation, let step): step == lastStep ? observed(observation) : []
        case .deleted(let release): deleted(release)
        }
    }

    /// What the clocks alone decide, before the event itself is looked at: an overdue commit is no commit.
    private mutating func notice(_ now: Moment) -> [Action] {
        defer { boot = now.boot.bootID }
        if let boot, boot != now.boot.bootID { return rebooted(at: now) }
        switch state {
        case .changing(let change) where change.step == .kept: return []
        case .changing(let change) where change.step == .awaitingCommit && change.onCommitMissing == .keep:
            return change.deadline.instant <= now.boot.instant ? decide(change, at: now) : []
        case .changing(let change) where change.deadline.instant <= now.boot.instant:
            return revert(change, because: change.overdue, at: now)
        case .reverting(let change, let reversal) where reversal.deadline.instant <= now.boot.instant:
            let failure = Failure(.deadline, "the revert did not end in time, at \(reversal.step.rawValue)")
            return retry(change, reversal, after: failure, at: now)
        case .changing, .reverting, .idle, .preparing, .prepared, .migrating:
            lapseClaim(at: now)
            return []
        }
    }

    private mutating func finished(_ token: Token, _ result: EffectResult, at now: Moment) -> [Action] {
        guard token == awaited else { return [] }
        awaited = nil
        switch state {
        case .preparing(let preparation): return advance(preparation, result, at: now)
        case .migrating(let migrating): return advance(migrating, result)
        case .changing(let change): return advance(change, result, at: now)
        case .reverting(let change, let reversal): return advance(change, reversal, result, at: now)
        case .idle, .prepared: return []
        }
    }

    private mutating func deadManFired(at now: Moment) -> [Action] {
        switch state {
        // The timer counts from after the deadline was stored, so an early one was armed for an earlier deadline.
        case .changing(let change) where change.step == .kept: []
        case .changing(let change): [.wake(after: change.deadline.instant - now.boot.instant)]
        case .reverting(_, let reversal): [.wake(after: reversal.deadline.instant - now.boot.instant)]
        case .idle, .preparing, .prepared, .migrating: []
        }
    }

    /// Tells of the change under way, or of the one that has just ended.
    ///
    /// Where a preparation was given up, the last change shows again, `ended` before: that is no news of it.
    func announcement(since before: OperationReport?, _ ended: OperationReport?) -> [Action] {
        guard let operation, operation != before, operation != ended else { return [] }
        return [.announce(operation)]
    }

    /// Asks for `effect`; whatever was awaited before no longer counts.
    mutating func perform(_ effect: Effect) -> [Action] {
        generation += 1
        let token = Token(generation)
        awaited = token
        return [.perform(effect, token)]
    }

    /// The effect that was asked for last; what was seen before its end may not be true any more.
    package var lastStep: Token { Token(generation) }

    /// Whether a release may be running that nobody has committed.
    var isInFlight: Bool {
        switch state {
        case .changing, .reverting: true
        case .idle, .preparing, .prepared, .migrating: false
        }
    }

    /// The claim that keeps others away.
    var activeClaim: Claim? { holding.flatMap { $0.hasLapsed ? nil : $0.claim } }

    func entry(_ digest: Digest?) -> CatalogEntry? { catalog.first { $0.installed.id.digest == digest } }

    /// Answers `requester`, and remembers the answer of a command.
    mutating func answer(_ requester: Requester, _ reply: HostReply) -> [Action] {
        switch requester {
        case .command(let id): log.finish(id, reply)
        case .local: break
        }
        return [.reply(requester, reply)]
    }
}

extension Array where Element: Equatable {
    /// The element that follows the first `element`.
    func following(_ element: Element) -> Element? {
        guard let index = firstIndex(of: element), index + 1 < count else { return nil }
        return self[index + 1]
    }
}
