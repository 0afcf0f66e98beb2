internal import Model

/// Reads a mapping whose keys are known; every other key is noted when the reader is made.
///
/// Each question answers nil both for a key that is absent and for a value that was refused with a note, so a default
/// can follow either way: the notes are thrown before anybody sees the result.
struct MappingReader<Keys: KeySet> {
    let findings: Findings
    let mark: Mark
    private var values: [Keys: Node] = [:]

    /// Nil, with a note, if `node` is no mapping.
    init?(_ node: Node, _ what: String, findings: Findings) {
        guard case .mapping(let entries) = node.content else {
            findings.add(what, expected: "a mapping with \(Keys.names.joined(separator: ", "))", found: node)
            return nil
        }
        self.findings = findings
        mark = node.mark
        for entry in entries {
            if let key = Keys(rawValue: entry.key) {
                values[key] = entry.value
            } else {
                note(unknown: entry)
            }
        }
    }

    private func note(unknown entry: Node.Entry) {
        if let sentence = Keys.notInThisVersion[entry.key] {
            return findings.add(.notInThisVersion, at: entry.mark, "key '\(entry.key)': \(sentence)")
        }
        let suggestion = Suggestion.clause(for: entry.key, among: Keys.names)
        let rest = suggestion.isEmpty ? "; known here: \(Keys.names.joined(separator: ", "))" : suggestion
        findings.add(.unknownKey, at: entry.mark, "unknown key '\(entry.key)'\(rest)")
    }

    subscript(key: Keys) -> Node? { values[key] }

    /// Where `key`'s value stands, or the mapping if it is absent.
    func mark(of key: Keys) -> Mark { values[key]?.mark ?? mark }

    /// The value of a key that must be there.
    func required(_ key: Keys) -> Node? {
        if let node = values[key] { return node }
        findings.add(.missingKey, at: mark, "key '\(key.rawValue)' is missing")
        return nil
    }

    func text(_ key: Keys) -> String? { values[key].flatMap { findings.text($0, key.rawValue) } }

    func value<Value>(_ key: Keys, _ parse: (String) throws(ModelError) -> Value) -> Value? {
        values[key].flatMap { findings.value($0, key.rawValue, parse) }
    }

    func requiredValue<Value>(_ key: Keys, _ parse: (String) throws(ModelError) -> Value) -> Value? {
        required(key).flatMap { findings.value($0, key.rawValue, parse) }
    }

    func number(_ key: Keys, in range: ClosedRange<Int>) -> Int? {
        values[key].flatMap { findings.number($0, key.rawValue, in: range) }
    }

    /// `true` or `false`, without quotes; `yes`, `on` and `1` are refused because readers disagree on them.
    func flag(_ key: Keys) -> Bool? {
        guard let node = values[key] else { return nil }
        switch node.content {
        case .scalar("true", isPlain: true): return true
        case .scalar("false", isPlain: true): return false
        case .scalar, .sequence, .mapping:
            findings.add(key.rawValue, expected: "true or false", found: node)
            return nil
        }
    }

    /// A length of time within `range`.
    func span(_ key: Keys, in range: ClosedRange<TimeSpan>) -> TimeSpan? {
        guard let node = values[key], let span = value(key, TimeSpan.init(parsing:)) else { return nil }
        guard range.contains(span) else {
            findings.add(key.rawValue, expected: "\(range.lowerBound) to \(range.upperBound)", found: node)
            return nil
        }
        return span
    }

    /// One of a few words.
    func choice<Value: RawRepresentable<String>>(_ key: Keys, among values: [Value]) -> Value? {
        guard let node = self.values[key], let text = text(key) else { return nil }
        if let value = Value(rawValue: text), values.contains(where: { $0.rawValue == text }) { return value }
        let names = values.map(\.rawValue)
        let suggestion = Suggestion.clause(for: text, among: names)
        let expected = "\(key.rawValue): expected \(names.joined(separator: " or ")), found \(node.finding)"
        findings.add(.invalidValue, at: node.mark, expected + suggestion)
        return nil
    }

    func list(_ key: Keys, of elements: String) -> [Node]? {
        values[key].flatMap { findings.list($0, key.rawValue, of: elements) }
    }

    func entries(_ key: Keys, of elements: String) -> [Node.Entry]? {
        values[key].flatMap { findings.entries($0, key.rawValue, of: elements) }
    }

    /// A command of the release: a list of words, the first a path inside the release.
    func command(_ key: Keys) -> [String]? {
        guard let nodes = list(key, of: "words") else { return nil }
        guard let program = nodes.first else {
            findings.add(.invalidValue, at: mark(of: key), "\(key.rawValue): a command has at least one word")
            return nil
        }
        guard findings.value(program, key.rawValue, RelativePath.init(parsing:)) != nil else { return nil }
        let words = nodes.compactMap { findings.text($0, key.rawValue) }
        guard words.allSatisfy({ !$0.utf8.contains(0) }) else {
            findings.add(.invalidValue, at: mark(of: key), "\(key.rawValue): a word of a command cannot hold NUL")
            return nil
        }
        return words
    }

    /// An absolute path without `..`.
    func absolutePath(_ key: Keys) -> String? {
        guard let node = values[key], let text = text(key) else { return nil }
        guard text.hasPrefix("/"), text == "/" || RelativePath(String(text.dropFirst())) != nil else {
            findings.add(key.rawValue, expected: "an absolute path without '.', '..' or '//'", found: node)
            return nil
        }
        return text
    }
}
