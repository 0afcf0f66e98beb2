/// One request, and how long and how large its answer may be.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
    }

    package var method: Method
    package var url: HTTPURL
    /// Sent besides, or instead of, the fields that the client sets by itself.
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    /// From the start, name resolution included, to the last byte of the answer.
    package var timeout: Duration
    /// For the connection alone; `timeout` bounds it too.
    package var connectTimeout: Duration
    /// Bytes; a larger answer is an error, never cut.
    package var maximumBody: Int

    package init(
        _ method: Method = .get,
        _ url: HTTPURL,
        headers: [HTTPHeader] = [],
        body: [UInt8] = [],
        timeout: Duration = .seconds(10),
        connectTimeout: Duration = .seconds(5),
        maximumBody: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.maximumBody = maximumBody
    }

    /// What every request says of itself unless told otherwise, so that analytics can leave Fleet's checks out.
    package static let userAgent = "fleet-check/1"
}
