/// The settings of a unit file, as systemd.syntax(7) has them; sections are left out, no key stands in two that we read.
struct UnitFile {
    private let assignments: [(key: String, value: String)]

    init(_ content: [UInt8]) {
        let text = String(decoding: content, as: UTF8.self).replacing("\\\n", with: " ")
        assignments = text.split(separator: "\n").compactMap { line in
            guard let first = line.first, !"#;[".contains(first), let equals = line.firstIndex(of: "=") else {
                return nil
            }
            return (Self.trimmed(line[..<equals]), Self.trimmed(line[line.index(after: equals)...]))
        }
    }

    /// The values of a key in order; an empty one resets what stands before it.
    func values(_ key: String) -> [String] {
        assignments.filter { $0.key == key }.reduce(into: []) { values, assignment in
            if assignment.value.isEmpty { values = [] } else { values.append(assignment.value) }
        }
    }

    /// The values of a key that takes several, separated by blanks.
    func words(_ key: String) -> [String] {
        values(key).flatMap { $0.split { $0 == " " || $0 == "\t" }.map { $0.filter { $0 != "\"" } } }
    }

    /// Whether any setting has that text in it.
    func mentions(_ text: String) -> Bool { assignments.contains { $0.value.contains(text) } }

    func isTrue(_ key: String) -> Bool {
        ["1", "yes", "y", "true", "t", "on"].contains(values(key).last?.lowercased() ?? "")
    }

    private static func trimmed(_ text: Substring) -> String {
        let blanks: Set<Character> = [" ", "\t", "\r"]
        var rest = text.drop { blanks.contains($0) }
        while let last = rest.last, blanks.contains(last) { rest = rest.dropLast() }
        return String(rest)
    }
}
