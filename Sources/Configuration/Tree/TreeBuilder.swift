/// Puts the events of a parser together to one tree, within limits, and refuses keys that stand twice.
struct TreeBuilder {
    /// Open containers; deeper than any file of ours, and far from the stack's end for whoever walks the tree.
    static let maximumDepth = 32
    /// More than a fleet of 10,000 hosts writes.
    static let maximumNodes = 200_000
    /// Longest file in bytes.
    static let maximumBytes = 4 << 20

    /// An open list or mapping; changed in place, so that a large one is not copied for each element.
    private struct Frame {
        let mark: Mark
        let isMapping: Bool
        var nodes: [Node] = []
        var entries: [Node.Entry] = []
        var marks: [String: Mark] = [:]
        /// The key whose value comes next.
        var key: (text: String, mark: Mark)?

        var awaitsKey: Bool { isMapping && key == nil }
        var node: Node { Node(mark: mark, content: isMapping ? .mapping(entries) : .sequence(nodes)) }
    }

    private let file: String
    private var frames: [Frame] = []
    private var count = 0
    /// The finished tree.
    private(set) var root: Node?

    init(file: String) { self.file = file }

    mutating func openSequence(at mark: Mark) throws(ConfigurationError) {
        try open(Frame(mark: mark, isMapping: false))
    }

    mutating func openMapping(at mark: Mark) throws(ConfigurationError) {
        try open(Frame(mark: mark, isMapping: true))
    }

    mutating func scalar(_ text: String, isPlain: Bool, at mark: Mark) throws(ConfigurationError) {
        guard let top = frames.indices.last, frames[top].awaitsKey else {
            return try add(Node(mark: mark, content: .scalar(text, isPlain: isPlain)))
        }
        if let first = frames[top].marks.updateValue(mark, forKey: text) {
            throw refusal(.surprising, at: mark, "key '\(text)' stands twice here; first in line \(first.line)")
        }
        frames[top].key = (text, mark)
    }

    /// Closes the innermost container.
    mutating func close() throws(ConfigurationError) {
        guard let frame = frames.popLast() else { preconditionFailure("the parser closes only what it has opened") }
        try add(frame.node)
    }

    private mutating func open(_ frame: Frame) throws(ConfigurationError) {
        if frames.last?.awaitsKey == true {
            throw refusal(.surprising, at: frame.mark, "a key must be text; a list or mapping as a key is refused")
        }
        guard frames.count < Self.maximumDepth else {
            throw refusal(.limit, at: frame.mark, "nested deeper than \(Self.maximumDepth) levels")
        }
        frames.append(frame)
    }

    private mutating func add(_ node: Node) throws(ConfigurationError) {
        count += 1
        guard count <= Self.maximumNodes else {
            throw refusal(.limit, at: node.mark, "more than \(Self.maximumNodes) values in one file")
        }
        guard let top = frames.indices.last else {
            root = node
            return
        }
        guard frames[top].isMapping else { return frames[top].nodes.append(node) }
        guard let key = frames[top].key else { preconditionFailure("a value follows its key") }
        frames[top].entries.append(Node.Entry(key: key.text, mark: key.mark, value: node))
        frames[top].key = nil
    }

    private func refusal(_ code: ConfigurationError.Code, at mark: Mark, _ advice: String) -> ConfigurationError {
        ConfigurationError([ConfigurationProblem(code: code, file: file, mark: mark, advice: advice)])
    }
}
