package import Model

extension RolloutMachine {
    /// Whether something new may begin: what has not been told is closed.
    var isOpen: Bool { (!plan.isTimed || state.opening == .open) && queuedBehind.isEmpty }

    /// Whether people may be asked for their approval, which they have some time to give.
    var mayAsk: Bool {
        guard queuedBehind.isEmpty else { return false }
        guard plan.isTimed else { return true }
        return switch state.opening {
        case .open, .near: true
        case .closed, nil: false
        }
    }

    /// Whether the caller must bring sessions with the hosts up.
    package var needsHosts: Bool {
        switch state.phase {
        case .planned, .scheduled, .concluded: false
        case .mustering, .inspecting, .claiming, .awaitingApproval, .preparing, .migrating, .rolling, .baking, .gating,
            .confirming,
            .rollingBack, .aborting, .releasing:
            true
        }
    }

    /// When the caller says `scheduleExpired`; nil once a host was changed, or where there is no schedule.
    package var expiry: WallTime? { isUntouched ? plan.schedule?.expires : nil }

    /// Whether no host was told to switch, and none will be without another decision.
    package var isUntouched: Bool {
        switch state.phase {
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval(stage: nil), .preparing: true
        case .migrating, .awaitingApproval(stage: .some), .rolling, .baking, .gating, .confirming, .rollingBack,
            .aborting,
            .releasing, .concluded:
            false
        }
    }

    /// The wall clock has passed a border of the calendar, or its time to start.
    mutating func open(_ opening: Opening) {
        guard plan.isTimed, state.opening != opening else { return }
        let wasClosed = state.opening?.closure
        state.opening = opening
        guard state.phase != .planned else { return }
        switch (wasClosed, opening.closure) {
        case (_?, nil): actions.append(.announce(.opened))
        case (let before, let closure?) where before != closure: actions.append(.announce(.closed(closure)))
        case (nil, nil), (_, .some): break
        }
    }

    /// Waits for its time; people who must approve are asked before, so that they need not be there at that time.
    mutating func scheduled() -> Bool {
        guard state.pause == nil, isOpen || needsApproval && mayAsk else { return false }
        beginMustering()
        return true
    }

    /// Its time to start is over: nobody expects it any more.
    mutating func expire() {
        guard isUntouched, let schedule = plan.schedule else { return }
        state.verdict = "was to start \(schedule), and could not; nothing was changed"
        giveBack(.refused)
    }

    /// What a rollout that may not go on now waits for; nil while it is open.
    var whyHeld: String? {
        guard !isOpen else { return nil }
        if let whyQueued { return whyQueued }
        guard let closure = state.opening?.closure else { return "waits to be told the time" }
        return "holds, \(closure)"
    }
}
