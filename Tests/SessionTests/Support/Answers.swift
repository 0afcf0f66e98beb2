import Protocol

@testable import Session

/// A handler from a closure.
struct Answers: SessionHandler {
    let answer: @Sendable (Request, Call) async throws -> Response

    init(_ answer: @escaping @Sendable (Request, Call) async throws -> Response) { self.answer = answer }

    func handle(_ request: Request, _ call: Call) async throws -> Response { try await answer(request, call) }
}
