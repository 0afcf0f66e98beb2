import Model

/// Services that must not be stopped in the middle of a job: they are asked until they are idle. A timer is stopped before, so
/// that it begins no other, and the run of its job that is under way is waited for.
///
/// One that stays busy for longer than it says is put back into traffic, and nothing was stopped. Who can't say is not idle;
/// but what is ill must not keep its own cure out, nor a broken hook the way back.
extension ServiceMachine {
    mutating func enterIdling(_ change: Change, at now: Moment) -> [Action] {
        guard let question = IdleQuestion(of: change.predecessor), let within = change.predecessor?.idleWithin
        else { return leave(change, at: now) }
        var next = change
        next.idleBy = change.idleBy ?? now.boot.instant + within
        state = .changing(next)
        return perform(.askIdle(question))
    }

    mutating func foundBusy(_ change: Change, at now: Moment) -> [Action] {
        guard let question = IdleQuestion(of: change.predecessor, after: Self.idlePause), change.step == .idling
        else { return [] }
        if let until = change.idleBy, until <= now.boot.instant {
            return revert(change, because: change.stayedBusy, at: now)
        }
        var next = change
        next.isBusy = true
        state = .changing(next)
        return perform(.askIdle(question))
    }

    /// The new release may have taken jobs already; it gets its time, and then it must go.
    mutating func enterIdling(_ change: Change, _ reversal: Reversal, at now: Moment) -> [Action] {
        guard change.hasStarted, let question = IdleQuestion(of: change.target), let within = change.target.idleWithin
        else { return leave(change, reversal, at: now) }
        var next = reversal
        // Some of the time that there is belongs to the rest of the way back.
        let left = reversal.deadline.instant - now.boot.instant
        let bound = within < left ? within : .milliseconds(left.milliseconds / 2)
        next.idleBy = reversal.idleBy ?? now.boot.instant + bound
        state = .reverting(change, next)
        return perform(.askIdle(question))
    }

    mutating func foundBusy(_ change: Change, _ reversal: Reversal, at now: Moment) -> [Action] {
        guard let question = IdleQuestion(of: change.target, after: Self.idlePause), reversal.step == .idling
        else { return [] }
        if let until = reversal.idleBy, until <= now.boot.instant {
            // What the unit is stopped with next ends the service; a run of a timer's job is a unit of its own.
            guard let job = change.target.job else { return leave(change, reversal, at: now) }
            return perform(.stop([job]))
        }
        var next = reversal
        next.isBusy = true
        state = .reverting(change, next)
        return perform(.askIdle(question))
    }

    /// Pause between two questions: short against a job, long against what a process costs.
    static let idlePause = TimeSpan.seconds(2)

    /// Time that busy services of a local change get on both ways.
    func idleTime(_ releases: [Deployment?]) -> TimeSpan {
        releases.compactMap { $0?.idleWithin }.reduce(.zero, max)
    }

    /// The longest time in which the timer's process can take a change back, all attempts counted.
    func wayBack(from change: Change) -> TimeSpan {
        change.activateWithin * Int64(settings.revertAttempts) + .minutes(10)
    }
}

extension Change {
    /// Why it was given up, with nothing stopped.
    var stayedBusy: Failure {
        let within = predecessor?.idleWithin ?? .zero
        let name = predecessor?.processUnit?.text ?? "the service"
        return Failure(
            .serviceBusy,
            "\(name) was still busy after \(within), and was not stopped; retry when its job has ended"
        )
    }

    /// Whether its target may be at work.
    var hasStarted: Bool {
        switch step {
        case .answering, .warming, .checking, .undraining, .readmitting, .unlinking, .rearming, .awaitingCommit,
            .guarding,
            .judging, .kept:
            true
        case .diverting, .draining, .idling, .stopping: isBeside
        case .trying, .starting: target.job != nil
        case .arming, .probing, .surveying, .hiding, .closing, .restoring, .switching, .reloading: false
        }
    }
}
