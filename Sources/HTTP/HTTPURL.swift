/// Where a request goes: the part of RFC 3986 that HTTP needs, read strictly.
///
/// `http://host:port/path?query`, `https://…`, and `http+unix://%2Frun%2Fweb.sock/path` for a Unix socket. User names,
/// fragments and characters that should have been percent-encoded are refused.
package struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, Sendable, CaseIterable {
        case http
        case https
        case unix = "http+unix"

        var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            case .unix: 0
            }
        }
    }

    package let scheme: Scheme
    /// DNS name or address without brackets; for a Unix socket its absolute path.
    package let host: String
    package let port: Int
    /// Starts with `/`; percent-encoded as it was given.
    package let path: String
    /// Without its `?`; nil when there is none.
    package let query: String?

    /// Scheme, authority and path: safe to log.
    package var description: String { "\(scheme.rawValue)://\(authority)\(path)" }

    /// What stands in the request line.
    package var target: String { query.map { "\(path)?\($0)" } ?? path }

    /// What the `Host` header says (RFC 9110, section 7.2).
    package var hostHeader: String {
        switch scheme {
        case .http, .https: authority
        case .unix: "localhost"
        }
    }

    private var authority: String {
        switch scheme {
        case .unix: "\(host.split(separator: "/").map { "%2F\($0)" }.joined())"
        case .http, .https:
            (host.contains(":") ? "[\(host)]" : host) + (port == scheme.defaultPort ? "" : ":\(port)")
        }
    }

    /// Parses a URL.
    ///
    /// - Throws: `HTTPError` that says which part is wrong.
    package init(parsing text: String) throws(HTTPError) {
        guard text.utf8.count <= 8192, let mark = text.range(ofSeparator: "://") else {
            throw Self.refusal(text, "is no URL: expected http://host:port/path")
        }
        guard let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else {
            throw Self.refusal(text, "has another scheme than http, https or http+unix")
        }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let target = rest[authority.endIndex...]
        guard !target.contains("#") else { throw Self.refusal(text, "has a fragment ('#…'), which no server sees") }
        guard !authority.contains("@") else {
            throw Self.refusal("\(scheme.rawValue)://…", "has a user name: send credentials in a header instead")
        }
        let path = target.prefix { $0 != "?" }
        self.scheme = scheme
        self.path = path.isEmpty ? "/" : String(path)
        query = path.endIndex == target.endIndex ? nil : String(target[path.endIndex...].dropFirst())
        guard Self.isEncoded(self.path, extra: "/"), Self.isEncoded(query ?? "", extra: "/?") else {
            throw Self.refusal(text, "has characters in its path or query that must be percent-encoded")
        }
        let (host, port) = try HTTPAuthority.parse(authority, scheme: scheme, url: text)
        self.host = host
        self.port = port
    }

    static func refusal(_ text: String, _ advice: String) -> HTTPError {
        HTTPError(.invalidURL, "'\(text.prefix { $0 != "?" })'", advice)
    }

    /// Whether `text` consists of `pchar`s (RFC 3986, section 3.3) and `extra`.
    private static func isEncoded(_ text: String, extra: String) -> Bool {
        let bytes = Array(text.utf8)
        let allowed = Set("-._~!$&'()*+,;=:@\(extra)".utf8)
        return bytes.indices.allSatisfy { index in
            let byte = bytes[index]
            guard byte == UInt8(ascii: "%") else { return byte.isASCIILetterOrDigit || allowed.contains(byte) }
            return index + 2 < bytes.count && bytes[index + 1].hexDigit != nil && bytes[index + 2].hexDigit != nil
        }
    }
}

extension String {
    fileprivate func range(ofSeparator separator: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(separator) { return start..<index(start, offsetBy: separator.count) }
            start = index(after: start)
        }
        return nil
    }
}
