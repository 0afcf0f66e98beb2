import Model

/// The judgement over a release that has just started: well for long enough, not well yet, or failed.
struct Watch: Hashable, Codable, Sendable {
    enum Verdict: Hashable {
        case healthy
        /// Ask again after that pause.
        case again(after: TimeSpan)
        case failed(Failure)
    }

    let startedAt: Instant
    /// How long it must be well without a break.
    let healthyFor: TimeSpan
    /// Automatic restarts when it came up; any more is instability.
    var restarts: Int?
    /// Since when every round passed.
    var wellSince: Instant?

    mutating func judge(_ round: CheckRound, of deployment: Deployment, at now: Instant) -> Verdict {
        if let failure = instability(round) { return .failed(failure) }
        if let problem = Self.problem(round, of: deployment) { return judge(problem: problem, of: deployment, at: now) }
        let since = wellSince ?? now
        wellSince = since
        let rest = healthyFor - (now - since)
        return rest <= .zero ? .healthy : .again(after: min(rest, deployment.spec.checkInterval))
    }

    /// A round that was not well: it breaks the streak, and past the deadline it is the verdict.
    mutating func judge(problem: Failure, of deployment: Deployment, at now: Instant) -> Verdict {
        wellSince = nil
        guard now < startedAt + deployment.spec.checkDeadline else { return .failed(problem) }
        return .again(after: deployment.spec.checkInterval)
    }

    /// What no further round can heal: the unit fell over.
    private mutating func instability(_ round: CheckRound) -> Failure? {
        guard let unit = round.unit else { return nil }
        let baseline = restarts ?? unit.restarts
        restarts = baseline
        if unit.restarts > baseline {
            let message = "\(unit.unit) was restarted \(unit.restarts - baseline) times by systemd since it started"
            return Failure(.unitUnstable, message, evidence: round.evidence)
        }
        guard ["failed", "inactive", "deactivating"].contains(unit.active) else { return nil }
        let message = "\(unit.unit) is \(unit.active) (\(unit.sub), result \(unit.result)), expected active"
        return Failure(.unitUnstable, message, evidence: round.evidence)
    }

    /// What keeps a round from counting; missing data is never a pass.
    static func problem(_ round: CheckRound, of deployment: Deployment) -> Failure? {
        if let name = deployment.unit {
            guard let unit = round.unit else { return Failure(.unitUnstable, "state of \(name) could not be read") }
            guard unit.isUp else {
                let message = "\(name) is \(unit.active) (\(unit.sub), result \(unit.result)), expected active"
                return Failure(.unitUnstable, message, evidence: round.evidence)
            }
        }
        if let failed = round.checks.first(where: { !$0.hasPassed }) {
            let message = "check \(failed.label) failed: \(failed.failure ?? "")"
            return Failure(.checkFailed, message, evidence: round.evidence)
        }
        guard round.checks.count >= deployment.spec.checks.count else {
            let message = "\(round.checks.count) of \(deployment.spec.checks.count) checks answered"
            return Failure(.checkFailed, message, evidence: round.evidence)
        }
        return nil
    }
}

extension UnitState {
    /// Whether systemd counts it as running, with nothing held against it.
    package var isUp: Bool { (active == "active" || active == "reloading") && result == "success" }
}
