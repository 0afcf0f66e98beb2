/// Why no answer came from an HTTP server.
///
/// A status is never an error here: whatever the server answers is the answer.
package struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case bodyTooLarge = "http.body_too_large"
        case cancelled = "http.cancelled"
        case closedEarly = "http.closed_early"
        case failed = "http.failed"
        case invalidRequest = "http.invalid_request"
        case invalidResponse = "http.invalid_response"
        case invalidURL = "http.invalid_url"
        case nameNotFound = "http.name_not_found"
        case refused = "http.refused"
        case timedOut = "http.timed_out"
        case tlsFailed = "http.tls_failed"
        case tlsUnavailable = "http.tls_unavailable"
        case unreachable = "http.unreachable"
    }

    package let code: Code
    /// Where to, without the query, which may carry secrets.
    package let url: String
    /// What happened and what to do about it, shown to the operator as it stands.
    package let advice: String
    /// What the system or the TLS layer said, where it said something.
    package let cause: String?

    package init(_ code: Code, _ url: String, _ advice: String, cause: String? = nil) {
        self.code = code
        self.url = url
        self.advice = advice
        self.cause = cause
    }

    package var description: String {
        let reason = cause.map { " (\($0))" } ?? ""
        return "\(url): \(advice)\(reason) [\(code.rawValue)]"
    }
}
