package import Model

/// An IP address or DNS name with a TCP port: `10.0.0.1:80`, `[::1]:80`, `localhost:80`.
package struct HostPort: Hashable, Sendable, CustomStringConvertible {
    private static let separators = Set(".-_:".utf8)

    /// Without brackets.
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Parses `HOST:PORT`.
    ///
    /// - Throws: `ModelError`; an IPv6 address needs its brackets, or the port would be a guess.
    package init(parsing text: String) throws(ModelError) {
        let refusal = ModelError(
            .invalidName,
            found: text,
            advice: "is no address with port: write for example 127.0.0.1:8080, [::1]:8080 or localhost:8080"
        )
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), 1...65_535 ~= port
        else { throw refusal }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard Self.isHost(host), isBracketed == host.contains(":") else { throw refusal }
        self.host = String(host)
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether `text` can be an IP address or a DNS name; whether it is one, only resolving tells.
    package static func isHost(_ text: some StringProtocol) -> Bool {
        1...253 ~= text.utf8.count
            && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || separators.contains($0) }
    }
}
