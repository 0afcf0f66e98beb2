internal import Model

/// Collects what is wrong with one file, so that its writer sees all of it at once.
final class Findings {
    let file: String
    /// Each once: what several environments share is read for each of them.
    private var problems: Set<ConfigurationProblem> = []

    init(file: String) { self.file = file }

    func add(_ code: ConfigurationError.Code, at mark: Mark?, _ advice: String) {
        problems.insert(ConfigurationProblem(code: code, file: file, mark: mark, advice: advice))
    }

    /// Notes a value of the wrong shape.
    func add(_ what: String, expected: String, found node: Node) {
        let hint = node.isNothing ? "; leave the key out or give it a value" : ""
        add(.invalidValue, at: node.mark, "\(what): expected \(expected), found \(node.finding)\(hint)")
    }

    /// Throws everything noted so far, in the order of the file.
    func throwIfAny() throws(ConfigurationError) {
        guard !problems.isEmpty else { return }
        let end = Mark(line: .max, column: .max)
        throw ConfigurationError(problems.sorted { ($0.mark ?? end, $0.advice) < ($1.mark ?? end, $1.advice) })
    }

    /// What `parse` makes of a scalar; nil with a note if it refuses.
    func value<Value>(
        _ node: Node,
        _ what: String,
        _ parse: (String) throws(ModelError) -> Value
    ) -> Value? {
        guard let text = text(node, what) else { return nil }
        do throws(ModelError) {
            return try parse(text)
        } catch {
            add(.invalidValue, at: node.mark, "\(what): '\(error.found)' \(error.advice)")
            return nil
        }
    }

    /// The text of a scalar; nil with a note for anything else, and for a key without a value.
    func text(_ node: Node, _ what: String) -> String? {
        guard case .scalar(let text, _) = node.content, !node.isNothing else {
            add(what, expected: "text", found: node)
            return nil
        }
        return text
    }

    /// A whole number within `range`.
    func number(_ node: Node, _ what: String, in range: ClosedRange<Int>) -> Int? {
        guard case .scalar(let text, _) = node.content, let number = Int(text), range.contains(number) else {
            add(what, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", found: node)
            return nil
        }
        return number
    }

    /// The elements of a list.
    func list(_ node: Node, _ what: String, of elements: String) -> [Node]? {
        guard case .sequence(let nodes) = node.content else {
            add(what, expected: "a list of \(elements), for example [a, b]", found: node)
            return nil
        }
        return nodes
    }

    /// The entries of a mapping whose keys are the user's own.
    func entries(_ node: Node, _ what: String, of elements: String) -> [Node.Entry]? {
        guard case .mapping(let entries) = node.content else {
            add(what, expected: "a mapping of \(elements)", found: node)
            return nil
        }
        return entries
    }
}
