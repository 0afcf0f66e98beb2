package import Model
package import Rollout

/// A rollout that another process of this workspace runs: says words to it, and waits until it comes to rest.
package struct RolloutElsewhere: Sendable {
    private let id: RolloutID
    private let ledger: Ledger
    private let layout: WorkspaceLayout
    private let clock: any Clock<Duration>

    /// What became of words.
    package enum Reception: Hashable, Sendable {
        /// Each was taken, or refused for the reason that is given.
        case heard(refusals: [String], taken: Int)
        /// Nobody runs the rollout any more: the words are the caller's to say.
        case nobodyThere
    }

    package init(
        _ id: RolloutID,
        ledger: Ledger,
        layout: WorkspaceLayout,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.id = id
        self.ledger = ledger
        self.layout = layout
        self.clock = clock
    }

    /// The process looks for words four times a second; one that is busy with a slow disk takes longer.
    package static let patience = Duration.seconds(15)
    private static let interval = Duration.milliseconds(100)

    /// Says `words`, and waits until each was answered.
    ///
    /// - Throws: `rollout.run_elsewhere` when the process gives no answer; it will not hear them later either.
    package func say(
        _ words: [OperatorWord],
        by person: String,
        patience: Duration = Self.patience
    ) async throws -> Reception {
        var waiting: [Int64] = []
        for word in words { waiting.append(try await ledger.leave(word, for: id, by: person)) }
        var refusals: [String] = []
        var patience = patience
        while let word = waiting.first {
            // Asked before the answer is read: a process that has gone has answered what it ever will.
            let isGone = try isFree()
            let isLast = isGone || patience <= .zero
            switch isLast ? try await ledger.withdraw(word: word) : try await ledger.answer(toWord: word) {
            case .taken: waiting.removeFirst()
            case .refused(let why):
                refusals.append(why)
                waiting.removeFirst()
            case .none where isLast:
                for word in waiting { _ = try await ledger.withdraw(word: word) }
                guard isGone, waiting.count == words.count else { throw isGone ? gone : silent }
                return .nobodyThere
            case .none:
                try await clock.sleep(for: Self.interval)
                patience -= Self.interval
            }
        }
        return .heard(refusals: refusals, taken: words.count - refusals.count)
    }

    /// Says `words`, tells which were refused, and answers whether anybody was there to hear them.
    ///
    /// - Throws: `rollout.word_refused` when somebody was there, and none of the words fits now.
    func convey(
        _ words: [OperatorWord],
        by person: String,
        _ news: @Sendable (RolloutNews) async -> Void = { _ in }
    ) async throws -> Bool {
        switch try await say(words, by: person) {
        case .nobodyThere: return false
        case .heard(let refusals, let taken):
            guard taken > 0 else {
                let why = refusals.joined(separator: "; ")
                throw CoordinatorError(.wordRefused, "\(id.label) does not do that now: \(why)")
            }
            for why in refusals { await news(.announcement(.wordRefused(why), at: CoordinatorClock().wall)) }
            return true
        }
    }

    /// Shows the rollout until the process has ended its work, and returns what became of it.
    ///
    /// - Throws: `rollout.run_elsewhere` when the process died before the rollout came to rest.
    package func rest(_ news: @Sendable (RolloutNews) async -> Void = { _ in }) async throws -> RolloutSummary {
        var shown: RolloutView?
        while true {
            // Asked before the ledger is read: a process that has gone has written what it ever will.
            let isGone = try isFree()
            guard let rollout = try await ledger.rollout(id.number) else { throw gone }
            let state = try await ledger.state(of: rollout)
            let view = RolloutMachine(id: id, plan: rollout.plan, state: state).view
            if view != shown { await news(.view(view)) }
            shown = view
            if isGone {
                guard let summary = rollout.summary, rollout.isFinished || view.pause != nil else { throw gone }
                return summary
            }
            try await clock.sleep(for: Self.interval)
        }
    }

    private func isFree() throws(CoordinatorError) -> Bool {
        guard let lock = try RolloutLock.take(id, in: layout) else { return false }
        lock.release()
        return true
    }

    /// For whoever has nothing to say to it.
    static func running(_ id: RolloutID) -> CoordinatorError {
        CoordinatorError(
            .rolloutElsewhere,
            "\(id.label) is being run by another process here; 'fleet watch \(id.label)' looks on"
        )
    }

    private var silent: CoordinatorError {
        CoordinatorError(
            .rolloutElsewhere,
            "\(id.label) is run by another process here, which gave no answer; what was said to it is withdrawn. See what "
                + "became of that process, for example 'pgrep -a fleet'; when it has ended, say it again"
        )
    }

    private var gone: CoordinatorError {
        CoordinatorError(
            .rolloutElsewhere,
            "the process that ran \(id.label) has ended before the rollout came to rest; 'fleet resume \(id.label)' goes on "
                + "with it"
        )
    }
}
