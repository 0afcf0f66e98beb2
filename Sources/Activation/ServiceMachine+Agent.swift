package import Model

/// What is different where the service is the agent itself: the process that decides ends with what it stops.
///
/// The agent arms the timer and asks another process to take over (`Effect.handOver`). That one stops the agent, resumes
/// this machine from the journal, switches, and starts the unit. What is started then resumes at `starting`, and goes on up
/// to its commit, which comes over its own session. If it does not get there, the other process, or the timer, takes over
/// again.
extension ServiceMachine {
    /// Whether the process that decides is the one that the change stops.
    var isWithin: Bool { ownExecutable != nil }

    var ownExecutable: String? {
        guard case .within(let executable) = settings.own else { return nil }
        return executable
    }

    /// Executable of the agent before, while this one is not committed; nil where nothing is in flight.
    package var keeper: String? { changeInFlight?.keeper }

    /// When what is in flight is taken back, or tried again; nil where nothing is.
    package var deadline: BootInstant? {
        switch state {
        case .changing(let change): change.deadline
        case .reverting(_, let reversal): reversal.deadline
        case .idle, .preparing, .prepared, .migrating: nil
        }
    }

    var changeInFlight: Change? {
        switch state {
        case .changing(let change), .reverting(let change, _): change
        case .idle, .preparing, .prepared, .migrating: nil
        }
    }

    func stopping(_ units: [UnitName]) -> Effect { isWithin ? .handOver : .stop(units) }

    /// Whether nobody has taken over yet: the agent still runs as it did.
    func isBeforeHandover(_ change: Change) -> Bool {
        isWithin && change.step == .stopping && change.condition != .stuck
    }

    /// Where a change goes on after the agent's restart: what only another process can do is handed over again.
    func resumption(of step: Change.Step) -> Change.Step {
        switch step {
        case .restoring where isWithin, .switching where isWithin: .stopping
        case .arming, .probing, .surveying, .hiding, .closing, .diverting, .draining, .idling, .stopping, .unlinking,
            .restoring, .switching, .trying, .starting, .reloading, .answering, .warming, .checking, .undraining,
            .readmitting,
            .rearming,
            .awaitingCommit, .guarding, .judging, .kept:
            step
        }
    }

    /// Goes on with the way back of the agent's own service; nil where it begins anew as for any other.
    mutating func goOnReplacing(
        _ change: Change,
        _ reversal: Reversal,
        _ facts: DiskFacts,
        at now: Moment
    ) -> [Action]? {
        if let failure = facts.failedStart { return retry(change, reversal, after: failure, at: now) }
        guard isWithin else { return nil }
        switch reversal.step {
        // This is the agent that has come back.
        case .starting, .checking, .warming, .undraining, .readmitting:
            return [.wake(after: change.activateWithin)] + enter(reversal.step, change, reversal, at: now)
        case .arming, .diverting, .draining, .idling, .stopping, .unlinking, .switching, .reloading: return nil
        }
    }

    /// Why a release can't be the agent's, or is only the agent's.
    func refusalOfAgent(_ spec: ServiceSpec) -> Failure? {
        guard service == .agent else {
            guard spec.unit.unitName == .agent else { return nil }
            return Failure(.specInvalid, "\(UnitName.agent) is of the service '\(ServiceName.agent)' alone")
        }
        guard isWithin else {
            return Failure(
                .specInvalid,
                "the agent of \(host) does not run as \(UnitName.agent), so it can't replace itself"
            )
        }
        guard case .file(let path) = spec.unit, path.name == UnitName.agent.text, spec.strategy == .restart else {
            return Failure(
                .specInvalid,
                "service.yml of '\(service)' must bring \(UnitName.agent) and have the strategy 'restart'"
            )
        }
        return nil
    }
}
