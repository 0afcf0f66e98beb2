/// What one peer may cost at most.
package struct SessionLimits: Hashable, Sendable {
    /// Requests of the peer that are worked on at once; more are answered with `request.busy`.
    package var requests = 64
    /// Requests of a guest in all; one more ends its session.
    static let requestsOfGuest = 1
    /// Requests beyond the peer's role that are logged; more of a session are answered alike, and not told of.
    static let loggedRefusals = 8
    /// Bulk streams that are received at once on one session.
    package var bulkStreams = 8
    /// Bytes of one bulk stream that may be under way or waiting to be written.
    package var bulkWindow = 4 << 20
    /// A transfer that stands still for so long is ended, at the latest after twice that.
    package var bulkStall = Duration.seconds(30)
    /// Events of one call that may be under way or waiting to be taken.
    package var eventWindow = 16
    /// From the connected channel to the peer's first message.
    package var hello = Duration.seconds(10)
    /// From `connect` to the established TCP connection.
    package var connect = Duration.seconds(10)
    /// From the wish for a bulk connection to its welcome.
    package var openBulk = Duration.seconds(20)

    package init() {}
}
