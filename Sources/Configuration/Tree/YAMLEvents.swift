internal import CYAML

/// The events of libyaml's parser; owns everything that the C library points to.
///
/// Anchors, aliases, tags and directives never leave this class: they are refused where they stand.
final class YAMLEvents {
    enum Event {
        case scalar(String, isPlain: Bool)
        case openSequence
        case openMapping
        case close
        case openDocument
        case closeDocument
        case end
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let file: String

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        parser = .allocate(capacity: 1)
        precondition(yaml_parser_initialize(parser) == 1, "libyaml is out of memory")
        input = .allocate(capacity: max(bytes.count, 1))
        _ = input.update(fromContentsOf: bytes)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event and its place.
    ///
    /// - Throws: what is wrong with the text; the parser is of no use afterwards.
    func next() throws(ConfigurationError) -> (event: Event, mark: Mark) {
        var event = yaml_event_t()
        repeat {
            guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        } while event.type == YAML_STREAM_START_EVENT
        defer { yaml_event_delete(&event) }
        let mark = Mark(event.start_mark)
        return (try translate(event, mark: mark), mark)
    }

    private func translate(_ event: yaml_event_t, mark: Mark) throws(ConfigurationError) -> Event {
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try refuse(anchor: scalar.anchor, tag: scalar.tag, mark: mark)
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
        case YAML_SEQUENCE_START_EVENT:
            try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, mark: mark)
            return .openSequence
        case YAML_MAPPING_START_EVENT:
            try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, mark: mark)
            return .openMapping
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            return .close
        case YAML_DOCUMENT_START_EVENT:
            let start = event.data.document_start
            guard start.version_directive == nil, start.tag_directives.start == start.tag_directives.end else {
                throw surprise(mark, "a directive (%) is refused: a file of Fleet means the same everywhere")
            }
            return .openDocument
        case YAML_DOCUMENT_END_EVENT:
            return .closeDocument
        case YAML_ALIAS_EVENT:
            let name = String(cString: event.data.alias.anchor)
            throw surprise(
                mark,
                "the alias '*\(name)' is refused: write the value out, so that each line says what it does"
            )
        default:
            // C enumerations are open; the only other event is the stream's end.
            return .end
        }
    }

    private func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?,
        tag: UnsafeMutablePointer<yaml_char_t>?,
        mark: Mark
    ) throws(ConfigurationError) {
        if let anchor {
            let name = String(cString: anchor)
            throw surprise(mark, "the anchor '&\(name)' is refused: write the value out where it is used")
        }
        if let tag {
            let name = String(cString: tag)
            throw surprise(mark, "the tag '\(name)' is refused: values need none, put quotes around text instead")
        }
    }

    private func surprise(_ mark: Mark, _ advice: String) -> ConfigurationError {
        ConfigurationError([ConfigurationProblem(code: .surprising, file: file, mark: mark, advice: advice)])
    }

    private func syntaxError() -> ConfigurationError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
        let isReader = parser.pointee.error == YAML_READER_ERROR
        let mark = isReader ? mark(at: parser.pointee.problem_offset) : Mark(parser.pointee.problem_mark)
        var advice = "this is no YAML: \(problem)"
        if let context = parser.pointee.context, !isReader {
            advice += " \(String(cString: context)) that begins in line \(parser.pointee.context_mark.line + 1)"
        }
        if !isReader, isTab(at: parser.pointee.problem_mark.index) { advice += "; a tab cannot indent, use spaces" }
        return ConfigurationError([ConfigurationProblem(code: .syntax, file: file, mark: mark, advice: advice)])
    }

    private func isTab(at index: Int) -> Bool { index < input.count && input[index] == 0x09 }

    /// The reader knows only an offset in bytes.
    private func mark(at offset: Int) -> Mark {
        let before = input.prefix(offset)
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? before.startIndex
        let line = before.count { $0 == 0x0A } + 1
        return Mark(line: line, column: String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1)
    }
}

extension Mark {
    fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}
