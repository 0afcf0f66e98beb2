package import Protocol

/// Answers a peer's requests.
///
/// Each request runs in its own task, which is cancelled when the peer cancels or the session ends. Work that must
/// survive that (an activation, once begun) belongs to the handler's owner; the handler only waits for its result. The
/// same `RequestID` may come again after a lost connection: recognising it is the handler's part.
package protocol SessionHandler: Sendable {
    /// Performs `request`, which the role table has allowed.
    ///
    /// - Throws: a `Problem`, which the peer gets as it stands; any other error becomes `request.failed`.
    func handle(_ request: Request, _ call: Call) async throws -> Response
}
