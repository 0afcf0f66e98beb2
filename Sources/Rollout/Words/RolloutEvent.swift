package import Model

/// Something that a rollout must know about; stored in the ledger before anything is done about it.
package struct RolloutEvent: Hashable, Codable, Sendable {
    /// The coordinator's monotonic clock; its zero may change between two runs, and `resumed` says so.
    package var at: Instant
    package var word: Word

    package init(_ word: Word, at: Instant) {
        self.word = word
        self.at = at
    }

    package enum Word: Hashable, Codable, Sendable {
        /// The plan is approved: begin. `holder` is shown to whoever finds the hosts claimed.
        case started(holder: String, at: WallTime)
        /// A coordinator has loaded the state from its ledger; no host is connected, and the clock may be another one.
        case resumed
        case operatorSaid(OperatorWord)
        /// A session with the host's agent is up; its report follows.
        case connected(host: Int)
        /// The session ended, or the first attempt to get one failed.
        case lost(host: Int)
        case reported(host: Int, ServiceFacts)
        case replied(host: Int, sequence: Int64, HostReply)
        /// The coordinator could not do its own part of a request, for example offer the artifact.
        case effectFailed(host: Int, sequence: Int64, Failure)
        case timerFired(TimerID)
        /// The order that people must approve is written and kept.
        case asked(AskedOrder)
        /// By the wall clock that order's time is over: to approve it, or to switch under it.
        case orderLapsed(order: Digest)
        /// A gate was judged; the number is that of the question.
        case judged(gate: GateName, stage: Int, number: Int64, verdict: GateVerdict)
        /// By the wall clock the plan's calendar and schedule say this from now on; told before anything else of that time.
        case opening(Opening)
        /// By the wall clock its time to start is over.
        case scheduleExpired
        /// A rollout of another service that it waits for has ended; said once the ledger has it.
        case concurrentEnded(RolloutID, Outcome)
    }
}
