/// Reads Ansible's INI inventory: `[group]`, `[group:vars]`, `[group:children]`, hosts with variables on one line.
struct INIInventory {
    private enum Section {
        case hosts(String)
        case variables(String)
        case children(String)
    }

    private let findings: Findings
    private var graph = InventoryGraph()
    private var section = Section.hosts("ungrouped")

    static func parse(_ bytes: [UInt8], _ findings: Findings) throws(ConfigurationError) -> InventoryGraph {
        guard bytes.count <= TreeBuilder.maximumBytes, let text = String(validating: bytes, as: UTF8.self) else {
            let advice = "an inventory is UTF-8 text of at most \(TreeBuilder.maximumBytes) bytes"
            findings.add(.syntax, at: nil, advice)
            try findings.throwIfAny()
            return InventoryGraph()
        }
        var inventory = Self(findings: findings)
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() { inventory.read(line, number: index + 1) }
        return inventory.graph
    }

    private init(findings: Findings) { self.findings = findings }

    private mutating func read(_ line: Substring, number: Int) {
        let indent = line.prefix { $0.isWhitespace }.count
        let mark = Mark(line: number, column: indent + 1)
        let content = line.dropFirst(indent)
        guard let first = content.first, first != "#", first != ";" else { return }
        if first == "[", let header = header(content) { return enter(header, at: mark) }
        switch section {
        case .hosts(let group): readHost(content, group: group, at: mark)
        case .variables(let group): readVariable(content, group: group, at: mark)
        case .children(let group): readChild(content, group: group, at: mark)
        }
    }

    /// The text between the brackets, if the line is a section and no host range such as `[a:c].example.com`.
    private func header(_ content: Substring) -> Substring? {
        guard let close = content.firstIndex(of: "]") else { return nil }
        let rest = content[content.index(after: close)...].drop { $0.isWhitespace }
        guard rest.isEmpty || rest.hasPrefix("#") || rest.hasPrefix(";") else { return nil }
        return content[content.index(after: content.startIndex)..<close]
    }

    private mutating func enter(_ header: Substring, at mark: Mark) {
        let parts = header.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard 1...2 ~= parts.count, !parts[0].isEmpty else { return refuse("'[\(header)]' is no section", at: mark) }
        graph.declare(group: parts[0])
        switch parts.dropFirst().first {
        case nil: section = .hosts(parts[0])
        case "vars": section = .variables(parts[0])
        case "children": section = .children(parts[0])
        case let kind?:
            refuse("'[\(parts[0]):\(kind)]' is no section: expected [\(parts[0])], :vars or :children", at: mark)
        }
    }

    private mutating func readHost(_ content: Substring, group: String, at mark: Mark) {
        guard let words = Self.words(content), let first = words.first else {
            return refuse("a quote is not closed", at: mark)
        }
        // A port after the name is SSH's.
        let pattern = Self.withoutPort(first)
        guard let names = HostPattern.expand(pattern) else {
            return refuse("'\(pattern)' is no range of hosts", at: mark)
        }
        var variables: [String: InventoryGraph.Variable] = [:]
        for word in words.dropFirst() {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                return refuse("'\(word)' is no variable: write name=value", at: mark)
            }
            let value = String(word[word.index(after: equals)...])
            variables[String(word[..<equals])] = .init(value: value, mark: mark)
        }
        for name in names {
            graph.add(host: name, to: group, at: mark)
            graph.hostVariables[name, default: [:]].merge(variables) { $1 }
        }
    }

    private mutating func readVariable(_ content: Substring, group: String, at mark: Mark) {
        guard let equals = content.firstIndex(of: "=") else {
            return refuse("'\(content)' is no variable: write name=value", at: mark)
        }
        let name = content[..<equals].trimmed
        // An unclosed quote in a variable of somebody else's is none of our business: take the text as it stands.
        let text = content[content.index(after: equals)...].trimmed
        let value = Self.words(text).map { $0.joined(separator: " ") } ?? String(text)
        graph.groups[group, default: .init()].variables[String(name)] = .init(value: value, mark: mark)
    }

    private mutating func readChild(_ content: Substring, group: String, at mark: Mark) {
        guard let child = Self.words(content)?.first, !child.isEmpty else { return refuse("no group's name", at: mark) }
        graph.groups[group, default: .init()].children.append(child)
        graph.declare(group: child)
    }

    private func refuse(_ advice: String, at mark: Mark) { findings.add(.syntax, at: mark, advice) }

    /// `web:2222` without its port; colons inside brackets belong to a range.
    private static func withoutPort(_ text: String) -> String {
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") else { return text }
        let port = text[text.index(after: colon)...]
        return !port.isEmpty && port.allSatisfy(\.isNumber) ? String(text[..<colon]) : text
    }

    /// Words as a shell splits them, without expansion; a comment ends the line.
    ///
    /// Nil if a quote is not closed.
    private static func words(_ text: Substring) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            switch character {
            case quote: quote = nil
            case _ where quote != nil: word = (word ?? "") + String(character)
            case "\"", "'":
                quote = character
                word = word ?? ""
            case "#" where word == nil: return words
            case _ where character.isWhitespace:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        if let word { words.append(word) }
        return words
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let head = drop { $0.isWhitespace }
        return head.dropLast(head.reversed().prefix { $0.isWhitespace }.count)
    }
}
