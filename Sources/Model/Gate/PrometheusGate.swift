/// A query to Prometheus, or to what speaks its HTTP API, and between which numbers its answer must lie.
package struct PrometheusGate: Hashable, Codable, Sendable {
    /// Where the API is, without `/api/v1`.
    package var url: String
    /// An instant query in PromQL; every series of its answer counts.
    package var query: QueryTemplate
    package var bounds: GateBounds
    /// How much must have been asked of the service for the answer to mean something.
    package var requests: Requests?

    package init(url: String, query: QueryTemplate, bounds: GateBounds, requests: Requests? = nil) {
        self.url = url
        self.query = query
        self.bounds = bounds
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
