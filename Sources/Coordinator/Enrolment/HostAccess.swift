package import Model

/// How an operator reaches a server to enrol it: an SSH destination, as `ssh` takes it.
package struct HostAccess: Hashable, Sendable, CustomStringConvertible {
    /// `root@web-1`, or an alias of the operator's own ssh configuration.
    package let destination: String
    /// Nil leaves it to the ssh configuration.
    package let port: Int?

    /// Parses `root@ADDRESS[:PORT]`; an IPv6 address with a port needs brackets.
    ///
    /// - Throws: `CoordinatorError` when it is no destination.
    package init(parsing text: String) throws(CoordinatorError) {
        let refusal = CoordinatorError(
            .enrolment,
            "'\(text)' is no SSH destination: write root@ADDRESS, root@ADDRESS:PORT or root@[IPv6]:PORT"
        )
        // ssh(1) takes what starts with a dash for an option.
        guard !text.isEmpty, !text.hasPrefix("-"), !text.contains(where: { $0.isWhitespace || $0 == "'" }) else {
            throw refusal
        }
        let user = text.lastIndex(of: "@").map { text[...$0] } ?? ""
        var host = text.dropFirst(user.count)
        var port: Int?
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            let rest = host[host.index(after: end)...]
            host = host[host.index(after: host.startIndex)..<end]
            if !rest.isEmpty {
                guard rest.hasPrefix(":"), let number = Int(rest.dropFirst()) else { throw refusal }
                port = number
            }
        } else if host.count(where: { $0 == ":" }) == 1, let colon = host.firstIndex(of: ":") {
            guard let number = Int(host[host.index(after: colon)...]) else { throw refusal }
            port = number
            host = host[..<colon]
        }
        guard !host.isEmpty, !host.hasPrefix("-"), port.map({ 1...65_535 ~= $0 }) ?? true else { throw refusal }
        destination = String(user + host)
        self.port = port
    }

    package var description: String { port.map { "\(destination):\($0)" } ?? destination }

    /// The address without the user: what the fleet reaches the agent at.
    package var address: String {
        guard let sign = destination.lastIndex(of: "@") else { return destination }
        return String(destination[destination.index(after: sign)...])
    }

    /// What the address says of the host's name; nil when it is an IP address.
    package var suggestedName: HostID? {
        let isNumeric = address.contains(":") || address.allSatisfy { $0.isNumber || $0 == "." }
        return isNumeric ? nil : HostID(address)
    }
}
