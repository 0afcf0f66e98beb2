/// The payload of a control frame.
package enum Envelope: Hashable, Sendable {
    case hello(Hello)
    case bulkHello(BulkToken)
    case bulkWelcome
    /// Proof of life, with the sequence of the sender's latest host report.
    case heartbeat(reportSequence: Int64)
    case goodbye(Goodbye)
    /// A failure when the request itself can't be understood: the call is answered, the connection goes on.
    case request(Result<Request, ProtocolError>)
    /// A response that can't be understood reads as a problem of the code `response.unreadable`.
    case response(Result<Response, Problem>)
    /// A failure when the event can't be understood: its call fails, the connection goes on.
    case event(Result<StreamEvent, ProtocolError>)
    case cancel
    case credit(Int)
    /// The end of a bulk stream; a problem means that its bytes are worth nothing.
    case bulkEnd(Problem?)
}
