/// A pattern list of OpenSSH (ssh_config(5), "PATTERNS"): `*`, `?`, and `!` for what must not match.
struct NamePatterns: Hashable, Sendable {
    private let patterns: [[UInt8]]

    /// Takes patterns with commas between them.
    init(_ text: String) { patterns = text.split(separator: ",").map { Array($0.utf8) } }

    /// Whether one pattern matches and no negated one does.
    func match(_ name: String) -> Bool {
        let name = Array(name.utf8)[...]
        let negated = patterns.filter { $0.first == UInt8(ascii: "!") }
        guard !negated.contains(where: { Self.match($0.dropFirst(), name) }) else { return false }
        return patterns.contains { $0.first != UInt8(ascii: "!") && Self.match($0[...], name) }
    }

    private static func match(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        var (pattern, name) = (pattern, name)
        // Where to go on after the last `*`, when what follows it does not fit here.
        var retry: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
        while !name.isEmpty {
            if pattern.first == UInt8(ascii: "*") {
                pattern.removeFirst()
                retry = (pattern, name.dropFirst())
            } else if let first = pattern.first, first == UInt8(ascii: "?") || first == name.first {
                pattern.removeFirst()
                name.removeFirst()
            } else if let last = retry {
                (pattern, name) = last
                retry = (last.pattern, last.name.dropFirst())
            } else {
                return false
            }
        }
        return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
