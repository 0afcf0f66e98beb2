import NIOHTTP1

extension HTTPRequest {
    /// Fields that frame the message: the client alone sets them, or two readers could see two messages.
    private static let framing: Set<String> = ["connection", "content-length", "transfer-encoding", "upgrade"]

    /// The request line and all fields as they are sent.
    ///
    /// - Throws: `HTTPError` for a field that can't be sent.
    func head() throws(HTTPError) -> HTTPRequestHead {
        for header in headers { try check(header) }
        var fields = HTTPHeaders([
            ("host", url.hostHeader), ("user-agent", Self.userAgent), ("accept", "*/*"), ("connection", "close"),
        ])
        for name in Set(headers.map { $0.name.lowercased() }) { fields.remove(name: name) }
        for header in headers { fields.add(name: header.name, value: header.value) }
        switch method {
        case .get, .head: if !body.isEmpty { fields.add(name: "content-length", value: "\(body.count)") }
        case .post, .put: fields.add(name: "content-length", value: "\(body.count)")
        }
        return HTTPRequestHead(
            version: .http1_1,
            method: HTTPMethod(rawValue: method.rawValue),
            uri: url.target,
            headers: fields
        )
    }

    private func check(_ header: HTTPHeader) throws(HTTPError) {
        let tokens = Set("!#$%&'*+-.^_`|~".utf8)  // RFC 9110, section 5.6.2
        let isName = header.name.utf8.allSatisfy { $0.isASCIILetterOrDigit || tokens.contains($0) }
        guard isName, !header.name.isEmpty else {
            throw HTTPError(.invalidRequest, "\(url)", "'\(header.name)' is no name of a header")
        }
        guard !header.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
            throw HTTPError(.invalidRequest, "\(url)", "header \(header.name) has a control character in its value")
        }
        guard !Self.framing.contains(header.name.lowercased()) else {
            throw HTTPError(.invalidRequest, "\(url)", "header \(header.name) is set by Fleet itself: leave it out")
        }
    }
}
