import NIOCore

/// Reads the part of a URL that says which server.
enum HTTPAuthority {
    /// A Unix socket's path must fit into `sockaddr_un` with its NUL.
    private static let maximumSocketPath = 107

    static func parse(
        _ text: Substring,
        scheme: HTTPURL.Scheme,
        url: String
    ) throws(HTTPError) -> (host: String, port: Int) {
        switch scheme {
        case .unix:
            guard let path = decoded(text), path.hasPrefix("/"), 2...maximumSocketPath ~= path.utf8.count else {
                throw HTTPURL.refusal(url, "has no socket: write its absolute path as %2Frun%2Fweb.sock")
            }
            return (path, 0)
        case .http, .https:
            let isBracketed = text.hasPrefix("[")
            let end = isBracketed ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":")
            let host = text[..<(end ?? text.endIndex)]
            let port = try port(text[host.endIndex...], scheme: scheme, url: url)
            return (try isBracketed ? address(host, url: url) : name(host, url: url), port)
        }
    }

    private static func port(
        _ text: Substring,
        scheme: HTTPURL.Scheme,
        url: String
    ) throws(HTTPError) -> Int {
        guard !text.isEmpty else { return scheme.defaultPort }
        let digits = text.dropFirst()
        guard text.first == ":", digits.utf8.count <= 5, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let port = Int(digits), 1...65535 ~= port
        else { throw HTTPURL.refusal(url, "has a port that is none: expected 1 to 65535") }
        return port
    }

    private static func address(_ text: Substring, url: String) throws(HTTPError) -> String {
        let host = String(text.dropFirst().dropLast())
        // Only asked whether it is an address; the reason why not is no news.
        guard text.hasSuffix("]"), host.contains(":"), (try? SocketAddress(ipAddress: host, port: 0)) != nil else {
            throw HTTPURL.refusal(url, "has brackets around something that is no IPv6 address")
        }
        return host
    }

    private static func name(_ text: Substring, url: String) throws(HTTPError) -> String {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            1...63 ~= label.utf8.count
                && label.utf8.allSatisfy {
                    $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
        guard isName, text.utf8.count <= 253 else {
            throw HTTPURL.refusal(url, "has no valid host: expected a DNS name, an IPv4 address, or [IPv6 address]")
        }
        return String(text)
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    var isASCIILetterOrDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    var hexDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
