import Foundation
import HTTP
import NIOCore
import NIOPosix
import TLS
import Testing

struct HTTPClientTests {
    private let client = HTTPClient(trust: nil)

    /// Runs `body` against a server that answers with `answer`, and stops it.
    private func with<Result>(
        _ answer: String,
        then ending: RawServer.Ending = .close,
        _ body: (RawServer) async throws -> Result
    ) async throws -> Result {
        let server = try await RawServer.start(answer, then: ending)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        try await server.stop()
        return try result.get()
    }

    private func failure(of request: HTTPRequest) async -> HTTPError? {
        do throws(HTTPError) {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("Status, headers and body come back as they were sent, whatever the status")
    func answer() async throws {
        let answer = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nX-Reason: disk\r\n\r\nfull"
        try await with(answer, then: .keepOpen) { server in
            let response = try await client.get(HTTPURL(parsing: "\(server.url)/healthz?deep=1"))
            #expect(response.status == 503)
            #expect(response.headers["x-reason"] == "disk")
            #expect(response.body == Array("full".utf8))
            let sent = try await server.request.get()
            #expect(sent.hasPrefix("GET /healthz?deep=1 HTTP/1.1\r\n"))
            for line in ["host: 127.0.0.1:\(server.port)", "user-agent: fleet-check/1", "connection: close"] {
                #expect(sent.contains("\(line)\r\n"))
            }
            #expect(!sent.contains("content-length"))
        }
    }

    @Test("Headers of the caller replace our own")
    func headers() async throws {
        try await with("HTTP/1.1 204 None\r\n\r\n") { server in
            let headers = [
                HTTPHeader("User-Agent", "probe"), HTTPHeader("HOST", "web.example"), HTTPHeader("X-A", "1"),
            ]
            let response = try await client.get(HTTPURL(parsing: server.url), headers: headers)
            #expect(response.status == 204)
            let sent = try await server.request.get()
            #expect(sent.contains("User-Agent: probe\r\n") && !sent.contains("fleet-check"))
            #expect(sent.contains("HOST: web.example\r\n") && !sent.contains("127.0.0.1"))
            #expect(sent.contains("X-A: 1\r\n"))
        }
    }

    @Test("A POST carries its body and length")
    func post() async throws {
        try await with("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") { server in
            let url = try HTTPURL(parsing: "\(server.url)/hook")
            let response = try await client.send(HTTPRequest(.post, url, body: Array("{}".utf8)))
            #expect(response == HTTPResponse(status: 200, headers: response.headers, body: []))
            let sent = try await server.request.get()
            #expect(sent.hasPrefix("POST /hook HTTP/1.1\r\n") && sent.contains("content-length: 2\r\n"))
        }
    }

    @Test("Redirects are answers; chunked bodies and bodies that end with the connection are read whole")
    func forms() async throws {
        let rows = [
            ("HTTP/1.1 302 Found\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n", 302, ""),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", 200, "abc"),
            ("HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end"),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"),
        ]
        for (answer, status, body) in rows {
            try await with(answer) { server in
                let response = try await client.get(HTTPURL(parsing: server.url))
                #expect(response.status == status)
                #expect(String(decoding: response.body, as: UTF8.self) == body)
            }
        }
    }

    @Test("The answer to HEAD has no body, whatever its length says")
    func head() async throws {
        try await with("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", then: .keepOpen) { server in
            let response = try await client.send(HTTPRequest(.head, HTTPURL(parsing: server.url)))
            #expect(response.status == 200)
            #expect(response.body.isEmpty)
        }
    }

    struct Broken: CustomTestStringConvertible, Sendable {
        let answer: String
        let code: HTTPError.Code
        let says: String
        init(_ answer: String, _ code: HTTPError.Code, _ says: String) {
            (self.answer, self.code, self.says) = (answer, code, says)
        }
        var testDescription: String { says }
    }

    @Test(
        "A broken answer is told for what it is",
        arguments: [
            Broken("", .closedEarly, "without an answer"),
            Broken("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", .closedEarly, "after status 200 and 4 bytes"),
            Broken("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", .bodyTooLarge, "2000 bytes, at most 1000"),
            Broken(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n\(String(repeating: "x", count: 2000))",
                .bodyTooLarge,
                "at most 1000 are allowed"
            ),
            Broken("SSH-2.0-OpenSSH_9.2\r\n", .invalidResponse, "does not speak HTTP"),
        ]
    )
    func broken(_ row: Broken) async throws {
        try await with(row.answer) { server in
            let url = try HTTPURL(parsing: server.url)
            let error = await failure(of: HTTPRequest(.get, url, maximumBody: 1000))
            #expect(error?.code == row.code)
            #expect(error?.advice.contains(row.says) == true, "\(String(describing: error))")
        }
    }

    @Test("A server that never answers is given up at the deadline, and the connection is closed")
    func deadline() async throws {
        try await with("", then: .keepOpen) { server in
            let url = try HTTPURL(parsing: server.url)
            let error = await failure(of: HTTPRequest(.get, url, timeout: .milliseconds(250)))
            #expect(error?.code == .timedOut)
            #expect(error?.advice == "timed out: no whole answer within 250ms")
        }
    }

    @Test("A port where nobody listens is refused, by IPv4, IPv6 and name")
    func refused() async throws {
        let server = try await RawServer.start("")
        let port = server.port
        try await server.stop()
        for host in ["127.0.0.1", "[::1]", "localhost"] {
            let url = try HTTPURL(parsing: "http://\(host):\(port)/")
            let error = await failure(of: HTTPRequest(.get, url))
            #expect(error?.code == .refused, "\(String(describing: error))")
            #expect(error?.cause == "Connection refused")
        }
    }

    @Test("A name that nobody knows is told as such")
    func unknownName() async throws {
        let url = try HTTPURL(parsing: "http://no-such-host.invalid/")
        #expect(await failure(of: HTTPRequest(.get, url))?.code == .nameNotFound)
    }

    @Test("Unix sockets are asked too")
    func unixSocket() async throws {
        let path = "/tmp/fleet-http-\(UUID().uuidString.prefix(8)).sock"
        let url = try HTTPURL(parsing: "http+unix://\(path.replacingOccurrences(of: "/", with: "%2F"))/status")
        #expect(await failure(of: HTTPRequest(.get, url))?.advice == "there is no such socket")
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let server = try await RawServer.start(answer, at: SocketAddress(unixDomainSocketPath: path))
        let response = try await client.get(url)
        #expect(response.body == Array("ok".utf8))
        #expect(try await server.request.get().contains("host: localhost\r\n"))
        try await server.stop()
        unlink(path)
    }

    @Test("Cancelling ends the request")
    func cancellation() async throws {
        try await with("", then: .keepOpen) { server in
            let url = try HTTPURL(parsing: server.url)
            let request = Task { await failure(of: HTTPRequest(.get, url, timeout: .seconds(600))) }
            _ = try await server.request.get()
            request.cancel()
            #expect(await request.value?.code == .cancelled)
        }
    }

    @Test(
        "Headers that would break the message are refused before anything is sent",
        arguments: [
            HTTPHeader("X\r\nY", "1"), HTTPHeader("", "1"), HTTPHeader("X", "1\r\nY: 2"), HTTPHeader("X", "\u{0}"),
            HTTPHeader("Content-Length", "5"), HTTPHeader("transfer-encoding", "chunked"),
            HTTPHeader("Connection", "x"),
        ]
    )
    func refusedHeaders(_ header: HTTPHeader) async throws {
        let url = try HTTPURL(parsing: "http://127.0.0.1:1/")
        #expect(await failure(of: HTTPRequest(.get, url, headers: [header]))?.code == .invalidRequest)
    }

    @Test("https without authorities to believe is refused")
    func tlsUnavailable() async throws {
        let url = try HTTPURL(parsing: "https://127.0.0.1:1/")
        #expect(await failure(of: HTTPRequest(.get, url))?.code == .tlsUnavailable)
    }
}
