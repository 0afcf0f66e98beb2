/// The times and numbers that bound a rollout.
package struct Limits: Hashable, Codable, Sendable {
    /// Time in which a waiting host must hear the commit.
    package var commitWithin: TimeSpan
    /// Hosts that may fail before the rollout stops.
    package var failureBudget: Int
    /// Time without progress before the rollout pauses.
    package var progressDeadline: TimeSpan
    /// Time for one host to prepare.
    package var prepareTimeout: TimeSpan
    /// Time for one host from the order to switch until it waits for its commit.
    package var activateTimeout: TimeSpan
    /// Time without a word from a host after which it counts as unknown.
    package var silence: TimeSpan
    /// Time in which people must approve, before they are asked anew; nil where no approval is needed.
    package var approveWithin: TimeSpan?

    package init(
        commitWithin: TimeSpan = .seconds(60),
        failureBudget: Int = 0,
        progressDeadline: TimeSpan = .minutes(10),
        prepareTimeout: TimeSpan = .minutes(10),
        activateTimeout: TimeSpan = .minutes(5),
        silence: TimeSpan = .seconds(15),
        approveWithin: TimeSpan? = nil
    ) {
        self.commitWithin = commitWithin
        self.failureBudget = failureBudget
        self.progressDeadline = progressDeadline
        self.prepareTimeout = prepareTimeout
        self.activateTimeout = activateTimeout
        self.silence = silence
        self.approveWithin = approveWithin
    }
}
