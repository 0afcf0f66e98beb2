package import Protocol

/// Refuses every request: for a side that only asks.
package struct NoRequests: SessionHandler {
    package init() {}

    package func handle(_ request: Request, _ call: Call) async throws -> Response {
        throw Problem.refused("this side answers no requests")
    }
}
