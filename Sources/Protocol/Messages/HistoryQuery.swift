package import Model

/// Which ended changes of a host are wanted, newest first.
package struct HistoryQuery: Hashable, Sendable {
    /// Most entries that may be asked for.
    package static let mostEntries = 10_000

    /// Nil for every service.
    package var service: ServiceName?
    package var limit: Int

    package init(service: ServiceName? = nil, limit: Int = 20) {
        self.service = service
        self.limit = limit
    }
}
