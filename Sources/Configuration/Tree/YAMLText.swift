/// Reads one YAML document as a tree.
enum YAMLText {
    /// Parses `bytes`, which must hold exactly one document.
    static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> Node {
        guard bytes.count <= TreeBuilder.maximumBytes else {
            let advice = "\(bytes.count) bytes; a configuration file has at most \(TreeBuilder.maximumBytes)"
            throw ConfigurationError([ConfigurationProblem(code: .limit, file: file, mark: nil, advice: advice)])
        }
        let events = YAMLEvents(bytes, file: file)
        var builder = TreeBuilder(file: file)
        var documents = 0
        while true {
            let (event, mark) = try events.next()
            switch event {
            case .scalar(let text, let isPlain): try builder.scalar(text, isPlain: isPlain, at: mark)
            case .openSequence: try builder.openSequence(at: mark)
            case .openMapping: try builder.openMapping(at: mark)
            case .close: try builder.close()
            case .openDocument:
                documents += 1
                guard documents == 1 else {
                    let advice = "a second document starts here; a file of Fleet holds one"
                    let problem = ConfigurationProblem(code: .surprising, file: file, mark: mark, advice: advice)
                    throw ConfigurationError([problem])
                }
            case .closeDocument: break
            case .end:
                guard let root = builder.root else {
                    let problem = ConfigurationProblem(
                        code: .syntax,
                        file: file,
                        mark: nil,
                        advice: "the file is empty"
                    )
                    throw ConfigurationError([problem])
                }
                return root
            }
        }
    }
}
