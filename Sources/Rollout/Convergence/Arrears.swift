package import Model

/// A host that is not known to be where its environment is, and what to do about it.
package struct Arrears: Hashable, Codable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable {
        /// Not there, and lost in the middle of a change or after it: may run any of `possibly`.
        case unknown
        /// Not there, and not changed by the rollouts that it has missed.
        case missed
        /// Is there on another release, and can be brought.
        case behind
        /// Is there on the right release; the rollout that brought it does not know.
        case unread
        /// What people have approved counts for it no more, or never named it: they must approve anew.
        case stale
        /// The release has failed on it: somebody must look first.
        case failed
        /// A person has left it out.
        case leftOut = "left_out"
        /// A person has changed it, and no rollout touches it before it is released.
        case held
    }

    package var state: State
    /// What its environment is on; nil where a person must decide that first.
    package var goal: ReleaseID?
    /// The rollout that was not carried through on this host; nil for a host that none has named.
    package var rollout: RolloutID?
    /// What it runs, or may run.
    package var possibly: [ReleaseID]
    /// When it was lost; nil while it is there.
    package var since: WallTime?
    /// Until when the approvals that there are count for it.
    package var until: WallTime?
    /// How it can be brought there now; nil while nothing can be done without a person.
    package var remedy: Remedy?
    /// Times that the coordinator has tried by itself since the goal was set.
    package var attempts: Int

    package init(
        _ state: State,
        goal: ReleaseID?,
        rollout: RolloutID? = nil,
        possibly: [ReleaseID] = [],
        since: WallTime? = nil,
        until: WallTime? = nil,
        remedy: Remedy? = nil,
        attempts: Int = 0
    ) {
        self.state = state
        self.goal = goal
        self.rollout = rollout
        self.possibly = possibly
        self.since = since
        self.until = until
        self.remedy = remedy
        self.attempts = attempts
    }

    /// By which leave a host is brought to what its environment is on.
    package enum Remedy: Hashable, Codable, Sendable {
        /// Nobody must approve.
        case deploy
        /// The order that was approved for this rollout names the host.
        case order(RolloutID)
        /// It is the host's own way back, which needs no order.
        case wayBack
    }

    /// Most times that a coordinator tries by itself before it leaves a host to people.
    package static let mostAttempts = 3

    /// Whether a person's word brings the host there now.
    package var canBeBrought: Bool { remedy != nil && (state == .behind || state == .unread) }

    /// Whether the coordinator may do it by itself.
    package var mayReturnByItself: Bool { canBeBrought && attempts < Self.mostAttempts }
}
