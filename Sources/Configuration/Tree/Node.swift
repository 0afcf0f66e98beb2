/// A value in a configuration file with its place; scalars are text, whoever reads them decides what they mean.
struct Node: Hashable, Sendable {
    let mark: Mark
    let content: Content

    enum Content: Hashable, Sendable {
        /// `isPlain`: written without quotes, so that it may stand for a number, a truth value or nothing.
        case scalar(String, isPlain: Bool)
        case sequence([Node])
        /// In the order of the file, keys unique.
        case mapping([Entry])
    }

    struct Entry: Hashable, Sendable {
        let key: String
        let mark: Mark
        let value: Node
    }

    /// A key without a value, as in `checks:` with every check commented out.
    var isNothing: Bool { content == .scalar("", isPlain: true) }

    /// What was found, for the sentence "expected … , found …".
    var finding: String {
        switch content {
        case .scalar("", isPlain: true): "nothing"
        case .scalar(let text, _): "'\(text.prefix(80))'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
