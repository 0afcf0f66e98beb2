package import Model

/// Which journal lines of a service are wanted.
package struct LogQuery: Hashable, Sendable {
    package enum End: Hashable, Sendable {
        /// With what the journal holds now.
        case now
        /// Never: new lines are sent until the call is cancelled.
        case never
    }

    /// Most lines of the past that may be asked for.
    package static let mostPast = 10_000

    package var service: ServiceName
    /// Lines of the past to begin with.
    package var past: Int
    package var end: End

    package init(service: ServiceName, past: Int, end: End) {
        self.service = service
        self.past = past
        self.end = end
    }
}
