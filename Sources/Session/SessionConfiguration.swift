package import Logging
package import Protocol
package import TLS

/// What a session needs to know from its owner.
package struct SessionConfiguration: Sendable {
    /// How we introduce ourselves.
    package var hello: Hello
    package var limits = SessionLimits()
    /// A heartbeat is sent when nothing else was for so long; three such intervals without a word lose the peer.
    package var heartbeat = Duration.seconds(5)
    /// Measures heartbeats and deadlines.
    package var clock: any Clock<Duration> = ContinuousClock()
    /// Answers why `peer` may not ask `request`; nil when it may.
    package var authorize: @Sendable (_ peer: PeerIdentity, _ request: Request) -> Problem? = RoleTable.refusal
    /// Sequence of our latest host report, for heartbeats; 0 when we have none.
    package var reportSequence: @Sendable () -> Int64 = { 0 }
    package var logger = Logger(label: "session")

    package init(hello: Hello) { self.hello = hello }
}
