/// A query to Prometheus, or to what speaks its HTTP API, and between which numbers its answer must lie.
package struct PrometheusGate: Hashable, Codable, Sendable {
    /// Where the API is, without `/api/v1`.
    package var url: String
    /// A query in PromQL; every series of its answer counts, and of a range every sample.
    package var query: QueryTemplate
    package var bounds: GateBounds
    /// The time that is looked at; nil for the moment alone.
    package var range: QueryRange?
    /// How much must have been asked of the service for the answer to mean something.
    package var requests: Requests?

    package init(
        url: String,
        query: QueryTemplate,
        bounds: GateBounds,
        range: QueryRange? = nil,
        requests: Requests? = nil
    ) {
        self.url = url
        self.query = query
        self.bounds = bounds
        self.range = range
        self.requests = requests
    }

    /// Each series of `query` must have reached `min`.
    package struct Requests: Hashable, Codable, Sendable {
        package var query: QueryTemplate
        package var min: Figure

        package init(query: QueryTemplate, min: Figure) {
            self.query = query
            self.min = min
        }
    }
}
