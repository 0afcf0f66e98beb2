import Activation
import Model
import Rollout

/// Watches one host from outside and holds every step against the invariants, with a memory of its own.
struct HostOracle {
    private(set) var violations: [String] = []
    /// The highest claim that was ever granted.
    private var fence: (epoch: Epoch, ledger: LedgerID)?
    /// The claim that was granted last, unless it was given back or somebody on the host has changed something since.
    private var lastGranted: RequestID?
    /// Requests that were answered, or refused: their repetition must change nothing.
    private var answered: Set<RequestID> = []
    /// What must run whenever nothing is being changed.
    private var settled: ReleaseID?
    /// The rollout that brought a release where nothing was: it may take it away again.
    private var bringer: RolloutID?
    /// Releases that ran here and were told to stay.
    private var established: Set<ReleaseID>
    /// Releases whose provenance and approvals were found good on this host.
    private var verified: Set<ReleaseID>
    /// What a coordinator has told the host to remove.
    private var doomed: Digest?
    /// The release that a coordinator's word allows to stay.
    private var blessed: ReleaseID?
    /// What stays without a commit, as the plan allows.
    private var kept: ReleaseID?
    private let mayKeep: Bool
    let hasTraffic: Bool
    /// Releases whose rollout succeeded: hosts go back to them without an order.
    private var confirmed: Set<ReleaseID>
    private var lastOperation: OperationReport?
    /// What runs and has passed all of its checks since it was started, by instance.
    var proven: Set<InstanceName?>
    /// What has been warmed up since it was started, by instance; what ran from the start counts as that.
    var warm: Set<InstanceName?>
    /// What has said, since a change began, that it may be stopped; by instance.
    var idle: Set<InstanceName?> = []
    /// Whether users were served when the last effect had been performed.
    var wasServed = false
    /// A person has taken it out of traffic from the start.
    let isMaintained: Bool

    init(_ disk: ModelDisk, _ plan: Plan, isMaintained: Bool) {
        self.isMaintained = isMaintained
        mayKeep = plan.onCommitMissing == .keep
        hasTraffic = plan.traffic != nil
        settled = disk.current
        established = Set(disk.trees.map(\.installed.id))
        proven = Set(disk.starting)
        warm = proven
        verified = established
        confirmed = Set(disk.trees.map(\.installed).filter(\.isConfirmed).map(\.id))
    }

    /// What was found since it was asked last.
    mutating func takeViolations() -> [String] {
        defer { violations = [] }
        return violations
    }

    mutating func violate(_ number: Int, _ what: String) { violations.append("invariant \(number): \(what)") }

    // MARK: Commands

    /// Whether `command` must change nothing.
    func isVoid(_ command: HostCommand, holder: Claim?) -> Int? {
        let id = command.id
        if let fence, (id.epoch, id.rollout.ledger) < (fence.epoch, fence.ledger) { return 8 }
        if answered.contains(id) { return 11 }
        switch command.request {
        case .inspectClaim: return 11
        case .claim: return nil
        case .releaseClaim, .prepare, .migrate, .activate, .commit, .revert, .remove, .discard, .confirm:
            let isHeld = holder.map { $0.rollout == id.rollout && $0.epoch == id.epoch }
            let isRevived = lastGranted?.rollout == id.rollout && lastGranted?.epoch == id.epoch
            return isHeld ?? isRevived ? nil : 8
        }
    }

    /// A commit that counts: of the holder, while the host waits for just that.
    mutating func hears(_ command: HostCommand, _ report: ServiceReport) {
        if case .remove(let digest, _) = command.request { doomed = digest }
        guard case .commit(let digest) = command.request, let operation = report.operation,
            operation.phase.isUncommitted, operation.target.digest == digest
        else { return }
        blessed = operation.target
    }

    mutating func replies(_ id: RequestID, _ reply: HostReply, _ disk: ModelDisk) {
        switch reply {
        case .claimState: return
        // Nothing is remembered of what came too early or too late; the fence takes care of it.
        case .refused(let failure) where [.claimRefused, .claimMissing, .epochStale].contains(failure.code): return
        case .refused, .claimed, .released, .prepared, .migrated, .awaitingCommit, .committed, .reverted, .stuck,
            .discarded,
            .confirmed:
            answered.insert(id)
        }
        switch reply {
        case .claimed:
            lastGranted = id
            if fence.map({ (id.epoch, id.rollout.ledger) > ($0.epoch, $0.ledger) }) ?? true {
                fence = (id.epoch, id.rollout.ledger)
            }
        case .prepared(let release):
            if disk.tree(release) == nil { violate(10, "\(release) is said to be prepared and is not there") }
        case .released: lastGranted = nil
        case .confirmed(let release): confirmed.insert(release)
        case .claimState, .migrated, .awaitingCommit, .committed, .reverted, .stuck, .discarded, .refused: break
        }
    }

    // MARK: Effects

    mutating func performs(_ effect: Effect, _ host: SimulatedHost) {
        let (disk, isArmed, operation) = (host.disk, host.deadMan != nil, host.facts.operation)
        var isLocal = false
        if case .local? = operation?.origin { isLocal = true }
        switch effect {
        case .verify(let verification):
            guard verification.demand != .provenanceAndApprovals else { return }
            if isLocal || !established.contains(verification.id) || !confirmed.contains(verification.id) {
                violate(9, "\(verification.id) needs no approvals")
            }
        case .unpack(let release, _):
            if !verified.contains(release) { violate(9, "\(release) is unpacked before it was verified") }
        case .runHook(let hook):
            if hook.kind == .warmUp { warm.insert(hook.instance) }
            if disk.tree(hook.release) == nil { violate(10, "a hook of \(hook.release) has no tree") }
        case .directTraffic(let order): check(order, host)
        case .stop(let units):
            if mayNotStop(host, in: units) { violate(24, "the service stops and has not said that it is idle") }
            if isServing(host, in: units) { violate(19, "the service stops while it has traffic") }
            if operation?.phase == .draining, !isArmed { violate(14, "the service stops before the timer is armed") }
        case .switchTo(let change):
            if operation?.phase == .switching, operation?.predecessor != nil, host.world.spec.job != nil,
                !idle.contains(nil)
            {
                violate(24, "switches and does not know that no run of the job is under way")
            }
            check(change, disk)
        case .restore(let restorations):
            for one in restorations where disk.tree(one.release) == nil {
                violate(10, "\(one.release) is restored and is not there")
            }
        case .handOver: violate(10, "a service that is no agent is handed over")
        case .reserve, .inspect, .install, .armDeadMan, .askIdle, .lookAtTraffic, .start, .reload, .check: break
        case .migrate(let run):
            if !verified.contains(run.release) { violate(9, "\(run.release) migrates and was never verified") }
            if operation?.phase.isInFlight == true { violate(25, "data migrate while the service is being changed") }
        }
    }

    mutating func verified(_ verification: Verification) { verified.insert(verification.id) }

    /// Whether users notice when a healthy service stops; an ill one, and a way back, may have to without a word to anybody.
    private func isServing(_ host: SimulatedHost, in units: [UnitName]) -> Bool {
        guard hasTraffic, isOnItsWay(host), host.isWell else { return false }
        return host.runs.keys.contains {
            units.contains(host.unit($0).unit) && host.balancer.admission(of: $0) == .ready
        }
    }

    /// Whether somebody could lose a job when these stop: the way back of a broken hook, and what is ill, ask in vain.
    private func mayNotStop(_ host: SimulatedHost, in units: [UnitName]) -> Bool {
        guard host.world.spec.hooks.idle != nil, isOnItsWay(host), host.isWell else { return false }
        return host.runs.keys.contains { units.contains(host.unit($0).unit) && !idle.contains($0) }
    }

    /// Whether a rollout moves the host forward.
    private func isOnItsWay(_ host: SimulatedHost) -> Bool {
        guard let operation = host.facts.operation, case .rollout = operation.origin, operation.purpose != .rollback
        else {
            return false
        }
        return operation.phase == .draining || operation.phase == .checking
    }

    private mutating func check(_ order: TrafficOrder, _ host: SimulatedHost) {
        for server in order.servers {
            if host.balancer.admission(of: server.instance) == .maintenance {
                violate(19, "what a person has taken out gets another word")
            }
            guard order.admission == .ready else { continue }
            if !proven.contains(server.instance) { violate(19, "traffic for what has not passed its checks") }
            if host.world.spec.hooks.warmUp != nil, !warm.contains(server.instance) {
                violate(19, "traffic for what was not warmed up")
            }
        }
    }

    private mutating func check(_ change: Switch, _ disk: ModelDisk) {
        guard let release = change.to else { return }
        if disk.tree(release) == nil { violate(10, "switched to \(release), which is not there") }
        if !verified.contains(release) { violate(9, "switched to \(release), which was never verified") }
    }

    mutating func starts(_ release: ReleaseID, _ place: InstanceName?, _ host: SimulatedHost) {
        let (disk, running) = (host.disk, host.runs[place])
        if disk.current != release { violate(10, "\(release) starts, linked is \(Self.name(disk.current))") }
        if let running, running != release { violate(10, "\(running) still runs when \(release) starts") }
        startsBeside(place, host)
    }

    mutating func reloads(_ release: ReleaseID, _ disk: ModelDisk) {
        if disk.current != release { violate(10, "\(release) is reloaded, linked is \(Self.name(disk.current))") }
    }

    mutating func boots(_ release: ReleaseID, _ disk: ModelDisk) {
        if disk.current != release { violate(10, "boots into \(release), linked is \(Self.name(disk.current))") }
        guard release != kept else { return }
        if !established.contains(release) { violate(10, "boots into \(release), which was never committed") }
    }

    mutating func deletes(_ release: ReleaseID, _ host: SimulatedHost) {
        let inUse =
            [host.disk.current, host.disk.unitFile].compactMap(\.self) + Array(host.runs.values)
            + Array(host.disk.instances.values)
        if inUse.contains(release) {
            violate(10, "\(release) is deleted while it is in use")
        }
        if settled == release || kept == release {
            violate(12, "\(release) is deleted, and is what a revert goes back to")
        }
        if host.machine.pinned.contains(release) { violate(12, "\(release) is deleted while it is pinned") }
    }

    // MARK: What was stored

    /// The machine was stored: what it says now is what it must stand by.
    mutating func stored(_ machine: ServiceMachine) {
        guard let operation = machine.report.operation, operation != lastOperation else { return }
        if operation.phase == .draining, lastOperation?.phase != .draining { idle = [] }
        lastOperation = operation
        kept = operation.phase == .kept ? operation.target : nil
        switch operation.phase {
        case .draining:
            blessed = nil
            // A person's release takes the service as it is switched, not while it is prepared.
            if case .local = operation.origin { lastGranted = nil }
            if operation.purpose == .rollback, !established.contains(operation.target) {
                violate(12, "rolls back to \(operation.target), which never ran here")
            }
        case .committed:
            if case .rollout = operation.origin, blessed != operation.target, operation.target != settled {
                violate(14, "\(operation.target) is committed, and nobody said so")
            }
            if operation.purpose != .restart { bringer = settled == nil ? Self.rollout(operation) : nil }
            settled = operation.target
            established.insert(operation.target)
        case .reverted where operation.predecessor == nil && settled == operation.target:
            if operation.target.digest != doomed, bringer == nil || bringer != Self.rollout(operation) {
                violate(12, "\(operation.target) is taken away by somebody who has not brought it")
            }
            settled = nil
        case .kept:
            if !mayKeep { violate(15, "\(operation.target) stays without a commit, against the plan") }
        case .idle, .preparing, .prepared, .switching, .starting, .checking, .awaitingCommit, .reverting, .reverted,
            .stuck:
            break
        }
    }

    private static func rollout(_ operation: OperationReport) -> RolloutID? {
        if case .rollout(let id) = operation.origin { id.rollout } else { nil }
    }

    /// Nothing is being changed: exactly one release is there, whole, and it is the one that was told to stay.
    mutating func rests(_ host: SimulatedHost) {
        let disk = host.disk
        guard !host.machine.isStuck else { return }
        let expected = kept ?? settled
        if disk.current != expected {
            violate(10, "links \(Self.name(disk.current)), \(Self.name(expected)) was settled")
        }
        restsInOneInstance(host)
        if disk.unitFile != disk.current { violate(10, "the unit is not that of \(Self.name(disk.current))") }
        // What is broken for good, and ran on until the power went, does not come up again.
        let isDown = host.isBroken && host.running == nil
        if host.running != disk.current, !isDown {
            violate(10, "runs \(Self.name(host.running)), links \(Self.name(disk.current))")
        }
        if let current = disk.current, disk.tree(current) == nil { violate(10, "\(current) has no tree") }
        if host.facts.current != disk.current { violate(10, "reports something else than it links") }
        for release in host.machine.pinned where disk.tree(release) == nil {
            violate(12, "\(release) is pinned and gone")
        }
    }

    private static func name(_ release: ReleaseID?) -> String { release?.description ?? "nothing" }
}
