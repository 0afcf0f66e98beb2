extension ServiceFile {
    /// One value of the file and where it stands, as a path: `checks[0].http`.
    package struct Entry: Hashable, Sendable {
        package let key: String
        package let value: String
    }

    /// Every value of a file as it is written, in its order; what holds none, `{}` or `[]`, is one itself.
    package static func entries(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> [Entry] {
        entries(try YAMLText.parse(bytes, file: file), at: "")
    }

    private static func entries(_ node: Node, at path: String) -> [Entry] {
        switch node.content {
        case .scalar(let text, _): [Entry(key: path, value: text)]
        case .sequence([]): [Entry(key: path, value: "[]")]
        case .mapping([]): [Entry(key: path, value: "{}")]
        case .sequence(let nodes): nodes.enumerated().flatMap { entries($0.element, at: "\(path)[\($0.offset)]") }
        case .mapping(let members):
            members.flatMap { entries($0.value, at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
        }
    }
}
