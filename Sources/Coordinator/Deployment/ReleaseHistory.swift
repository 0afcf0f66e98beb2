package import Model
package import Rollout

/// What the rollouts of one service in one environment say about where it stands, and where back would be.
package struct ReleaseHistory: Sendable {
    /// Newest first, without restarts, which change no release.
    private let rollouts: [EndedRollout]

    /// - Parameter rollouts: Newest first.
    package init(_ rollouts: [EndedRollout]) {
        self.rollouts = rollouts.filter { $0.kind != .restart }
    }

    /// The confirmed release: the target of the newest rollout that succeeded.
    ///
    /// Nil where that has removed the service.
    package var current: ReleaseID? { arrived?.target }

    /// What hosts may run: the confirmed release, or what was to be removed, from all hosts or the last of them.
    package var present: ReleaseID? { newestSuccess?.target }

    private var arrived: EndedRollout? { newestSuccess.flatMap { $0.kind == .remove ? nil : $0 } }

    private var newestSuccess: EndedRollout? { rollouts.first { $0.outcome == .succeeded } }

    /// The rollout that has brought the confirmed release; later ones have brought the same to other hosts, or again.
    package var arrival: EndedRollout? {
        guard let success = arrived else { return nil }
        let run = rollouts.drop { $0.id != success.id }.prefix { $0.target == success.target || !$0.mayHaveChanged }
        return run.last { $0.outcome == .succeeded }
    }

    /// Whether somebody has gone back from the confirmed release, to the one before it, right before it came again.
    package var wayBack: ProvingGround.WayBack {
        guard let arrival else { return .untried }
        let before = rollouts.drop { $0.id != arrival.id }.dropFirst().first { $0.mayHaveChanged }
        guard let before else { return arrival.previous == nil ? .none : .untried }
        let isWayBack = before.kind == .rollback && before.outcome == .succeeded && before.previous == arrival.target
        return isWayBack ? .tried(before.id) : .untried
    }

    /// Where a rollback goes when nobody names a version.
    package enum Target: Hashable, Sendable {
        case release(ReleaseID)
        /// The newest success was a rollback: another step back is a choice that somebody must make.
        case alreadyRolledBack(to: ReleaseID)
        case none
    }

    package var rollbackTarget: Target {
        guard let success = arrived else { return .none }
        // What stopped half-way is taken back to what was confirmed before it.
        if let last = rollouts.first(where: { $0.mayHaveChanged }), last.target != success.target {
            return .release(success.target)
        }
        if success.kind == .rollback { return .alreadyRolledBack(to: success.target) }
        let older = rollouts.drop { $0 != success }.filter { $0.outcome == .succeeded }
        // A release that was rolled out again, to new hosts, has itself as its previous.
        let origin = older.prefix { $0.target == success.target }.first { $0.previous != success.target }
        return origin?.previous.map(Target.release) ?? .none
    }
}

extension EndedRollout {
    /// Whether hosts may run its target now.
    fileprivate var mayHaveChanged: Bool {
        switch outcome {
        case .succeeded, .incomplete, .aborted, .failed: true
        case .rolledBack, .refused, .paused: false
        }
    }
}
