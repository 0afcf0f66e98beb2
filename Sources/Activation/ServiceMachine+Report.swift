package import Model

extension ServiceMachine {
    /// What this host says about the service.
    package var report: ServiceReport {
        ServiceReport(
            service: service,
            environment: environment,
            current: installed(linked),
            previous: installed(previous),
            health: health,
            unit: observation?.unit,
            checks: observation?.checks ?? [],
            operation: operation,
            claim: activeClaim,
            held: held,
            isDrained: isDrained || isDiverted,
            drift: drift + (distressFailure.map { ["stuck: \($0.message)"] } ?? []),
            overrides: observation?.overrides ?? [],
            expected: isInFlight || distress != nil || linked == current ? nil : current
        )
    }

    /// The release that is linked, with its spec; what the shell's periodic look is about.
    package var linkedDeployment: Deployment? {
        guard let linked else { return nil }
        if let found = changeInFlight?.deployment(of: linked, isGoingBack: isReverting) { return found }
        return entry(linked.digest)?.deployment(in: instance)
    }

    private var isReverting: Bool {
        if case .reverting = state { true } else { false }
    }

    /// Digest of its tree's manifest, as it was unpacked.
    package var linkedManifest: Digest? { entry(linked?.digest)?.manifest }

    /// The release that should be on the disk and linked now, with its manifest's digest as it was unpacked.
    package var expected: (release: ReleaseID, manifest: Digest?)? {
        expectedLink.map { ($0, entry($0.digest)?.manifest) }
    }

    private var expectedLink: ReleaseID? {
        switch state {
        case .changing(let change) where change.isWaiting: change.target.id
        case .changing, .reverting: linked
        case .idle, .preparing, .prepared, .migrating: current
        }
    }

    /// Whether a change could neither be finished nor taken back, and nothing has healed that since.
    package var isStuck: Bool { distress != nil }

    /// Every release on the host's disk, oldest first.
    package var installedReleases: [InstalledRelease] { catalog.map(\.installed) }

    /// The change under way, or the last one.
    var operation: OperationReport? {
        switch state {
        case .idle: last
        case .preparing(let preparation): report(preparation, .preparing)
        case .prepared(let preparation): report(preparation, .prepared)
        case .migrating(let migrating): migrating.preparation.map { report($0, .prepared) } ?? last
        case .changing(let change):
            waiting(report(change, change.phase, failure: change.kept), change.step == .idling ? change.isBusy : nil)
        case .reverting(let change, let reversal):
            waiting(
                report(change, .reverting, failure: reversal.failure),
                reversal.step == .idling ? reversal.isBusy : nil
            )
        }
    }

    private func waiting(_ report: OperationReport, _ awaitsIdle: Bool?) -> OperationReport {
        var report = report
        report.awaitsIdle = awaitsIdle
        return report
    }

    func report(_ change: Change, _ phase: ActivationPhase, failure: Failure?) -> OperationReport {
        OperationReport(
            origin: change.requester.origin,
            purpose: change.purpose,
            target: change.target.id,
            predecessor: change.predecessor?.id,
            phase: phase,
            startedAt: change.startedAt,
            failure: failure,
            reason: change.reason
        )
    }

    private func report(_ preparation: Preparation, _ phase: ActivationPhase) -> OperationReport {
        OperationReport(
            origin: preparation.requester.origin,
            purpose: .deploy,
            target: preparation.id,
            predecessor: current,
            phase: phase,
            startedAt: preparation.startedAt
        )
    }

    private func installed(_ id: ReleaseID?) -> InstalledRelease? { entry(id?.digest)?.installed }

    /// Takes the shell's periodic look in; it is reported, and never acted upon.
    mutating func observed(_ found: Observation) -> [Action] {
        switch state {
        case .changing(let change) where change.step == .awaitingCommit || change.step == .kept: break
        case .changing, .reverting: return []
        case .idle, .preparing, .prepared, .migrating: break
        }
        observation = found
        linked = found.current
        drift = found.drift
        if distress == nil, found.current != expectedLink {
            drift.append(Self.linkDrift(found: found.current, expected: expectedLink))
        }
        drift += Self.stopped(found.unit)
        health = judge(unit: found.unit, checks: found.checks)
        return []
    }

    /// A unit that ended well and does not run was stopped by somebody; what has failed is ill, which is another matter.
    private static func stopped(_ unit: UnitState?) -> [String] {
        guard let unit, unit.active == "inactive", unit.result == "success" else { return [] }
        return ["\(unit.unit) is inactive (\(unit.sub)), expected active: it was stopped"]
    }

    /// Takes a round of an activation in.
    mutating func see(_ round: CheckRound) {
        observation = Observation(unit: round.unit, checks: round.checks, current: linked)
        health = judge(unit: round.unit, checks: round.checks)
    }

    private func judge(unit: UnitState?, checks: [CheckResult]) -> Health {
        guard let deployment = linkedDeployment else { return .unknown }
        let problem = Watch.problem(CheckRound(unit: unit, checks: checks), of: deployment)
        return problem.map { .unhealthy(reason: $0.message) } ?? .healthy
    }
}
