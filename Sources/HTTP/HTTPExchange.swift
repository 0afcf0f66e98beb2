/// Collects one answer within its limit; every event after the end changes nothing.
struct HTTPExchange {
    enum Action: Equatable {
        case none
        case succeed(HTTPResponse)
        case fail(HTTPError)
    }

    private enum State {
        /// No status has come.
        case awaitingHead
        /// The status has come and the body is coming.
        case receiving(HTTPResponse)
        /// The answer or its failure was told.
        case ended
    }

    private let url: String
    private let maximumBody: Int
    private var state = State.awaitingHead

    init(url: String, maximumBody: Int) {
        self.url = url
        self.maximumBody = maximumBody
    }

    /// Takes the head; `announced` is its `Content-Length`, so that an answer too large is refused before it is read.
    mutating func received(status: Int, headers: [HTTPHeader], announced: Int?) -> Action {
        guard case .awaitingHead = state else { return .none }
        if let announced, announced > maximumBody { return fail(tooLarge("\(announced) bytes")) }
        state = .receiving(HTTPResponse(status: status, headers: headers, body: []))
        return .none
    }

    mutating func received(body: some Collection<UInt8>) -> Action {
        guard case .receiving(var response) = state else { return .none }
        guard response.body.count + body.count <= maximumBody else { return fail(tooLarge("more bytes")) }
        state = .ended  // lets go of the array, so that appending doesn't copy it
        response.body += body
        state = .receiving(response)
        return .none
    }

    mutating func ended() -> Action {
        guard case .receiving(let response) = state else { return .none }
        state = .ended
        return .succeed(response)
    }

    mutating func closed() -> Action {
        switch state {
        case .awaitingHead:
            fail(HTTPError(.closedEarly, url, "the server closed the connection without an answer"))
        case .receiving(let response):
            fail(
                HTTPError(
                    .closedEarly,
                    url,
                    "the server closed the connection after status \(response.status) and \(response.body.count) "
                        + "bytes, before its answer was whole"
                )
            )
        case .ended: .none
        }
    }

    mutating func failed(_ error: HTTPError) -> Action {
        guard case .ended = state else { return fail(error) }
        return .none
    }

    private mutating func fail(_ error: HTTPError) -> Action {
        state = .ended
        return .fail(error)
    }

    private func tooLarge(_ found: String) -> HTTPError {
        HTTPError(.bodyTooLarge, url, "the answer has \(found), at most \(maximumBody) are allowed")
    }
}
