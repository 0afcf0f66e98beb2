import Testing

@testable import HTTP

struct HTTPURLTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let text: String
        let host: String
        let port: Int
        let target: String
        let hostHeader: String
        init(_ text: String, _ host: String, _ port: Int, _ target: String, _ hostHeader: String) {
            (self.text, self.host, self.port) = (text, host, port)
            (self.target, self.hostHeader) = (target, hostHeader)
        }
        var testDescription: String { text }
    }

    @Test(
        "Host, port, target and Host header of valid URLs",
        arguments: [
            Row("http://127.0.0.1:8080/healthz", "127.0.0.1", 8080, "/healthz", "127.0.0.1:8080"),
            Row("http://example.com", "example.com", 80, "/", "example.com"),
            Row("HTTPS://example.com/a%20b?q=1&r=%2F?", "example.com", 443, "/a%20b?q=1&r=%2F?", "example.com"),
            Row("https://example.com:443/", "example.com", 443, "/", "example.com"),
            Row("https://example.com:8443?x", "example.com", 8443, "/?x", "example.com:8443"),
            Row("http://[::1]:9090/x", "::1", 9090, "/x", "[::1]:9090"),
            Row("http://[fe80::1]/", "fe80::1", 80, "/", "[fe80::1]"),
            Row("http://web_1.internal/", "web_1.internal", 80, "/", "web_1.internal"),
            Row("http+unix://%2Frun%2Fx.sock/path", "/run/x.sock", 0, "/path", "localhost"),
        ]
    )
    func valid(_ row: Row) throws {
        let url = try HTTPURL(parsing: row.text)
        #expect(url.host == row.host)
        #expect(url.port == row.port)
        #expect(url.target == row.target)
        #expect(url.hostHeader == row.hostHeader)
    }

    @Test(
        "What is no URL of ours is refused",
        arguments: [
            "", "example.com", "/path", "ftp://example.com/", "http:/example.com", "http:///path", "http://:80/",
            "http://exa mple.com/", "http://example.com:0/", "http://example.com:65536/", "http://example.com:/",
            "http://example.com:+80/", "http://example.com:80x/", "http://user:pw@example.com/",
            "http://example.com/#top", "http://example.com/a b", "http://example.com/%zz", "http://example.com/%2",
            "http://example.com/é", "http://[::1/", "http://[::1]x/", "http://[1.2.3.4]/", "http://[web]/",
            "http://a..b/", "http://example.com/\r\nX: y", "http+unix://run/x.sock", "http+unix://%2F/x",
            "http+unix://%2Frun%00/x", "http://ex%61mple.com/",
        ]
    )
    func refused(_ text: String) {
        let error = #expect(throws: HTTPError.self) { try HTTPURL(parsing: text) }
        #expect(error?.code == .invalidURL)
    }

    @Test("Neither a query nor a password reaches a description or an error")
    func secrets() throws {
        #expect(try HTTPURL(parsing: "https://h:8443/p?token=secret").description == "https://h:8443/p")
        for text in ["http://user:secret@h/", "http://h/a b?secret", "ftp://h?secret"] {
            let error = #expect(throws: HTTPError.self) { try HTTPURL(parsing: text) }
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test("A Unix socket's description can be parsed again")
    func unixDescription() throws {
        let url = try HTTPURL(parsing: "http+unix://%2Frun%2Fx.sock/path")
        #expect(try HTTPURL(parsing: url.description) == url)
    }
}
