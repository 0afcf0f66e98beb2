/// Reads one JSON text (RFC 8259) as a tree, as inventories print it.
struct JSONText {
    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var builder: TreeBuilder

    /// Parses `bytes`; `null` becomes a value that is nothing.
    static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> Node {
        var text = JSONText(bytes, file: file)
        guard bytes.count <= TreeBuilder.maximumBytes else {
            throw text.refusal(.limit, "\(bytes.count) bytes; the limit is \(TreeBuilder.maximumBytes)")
        }
        try text.value()
        text.skipSpace()
        guard text.position == bytes.count, let root = text.builder.root else {
            throw text.refusal(.syntax, "this is no JSON: something follows its end")
        }
        return root
    }

    private init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        builder = TreeBuilder(file: file)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }
    private var mark: Mark { Mark(line: line, column: position - lineStart + 1) }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            position += 1
            if byte == 0x0A {
                line += 1
                lineStart = position
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// Recursion is bounded: the builder refuses what is nested too deep.
    private mutating func value() throws(ConfigurationError) {
        skipSpace()
        let start = mark
        switch next {
        case UInt8(ascii: "{"): try object(at: start)
        case UInt8(ascii: "["): try array(at: start)
        case UInt8(ascii: "\""): try builder.scalar(string(), isPlain: false, at: start)
        case nil, .some: try word(at: start)
        }
    }

    private mutating func object(at start: Mark) throws(ConfigurationError) {
        position += 1
        try builder.openMapping(at: start)
        skipSpace()
        var isFirst = true
        while !take(UInt8(ascii: "}")) {
            if !isFirst { try expect(UInt8(ascii: ","), "',' or '}'") }
            isFirst = false
            skipSpace()
            let keyMark = mark
            guard next == UInt8(ascii: "\"") else { throw refusal(.syntax, "this is no JSON: expected a quoted key") }
            try builder.scalar(string(), isPlain: false, at: keyMark)
            skipSpace()
            try expect(UInt8(ascii: ":"), "':'")
            try value()
            skipSpace()
        }
        try builder.close()
    }

    private mutating func array(at start: Mark) throws(ConfigurationError) {
        position += 1
        try builder.openSequence(at: start)
        skipSpace()
        var isFirst = true
        while !take(UInt8(ascii: "]")) {
            if !isFirst { try expect(UInt8(ascii: ","), "',' or ']'") }
            isFirst = false
            try value()
            skipSpace()
        }
        try builder.close()
    }

    private mutating func expect(_ byte: UInt8, _ name: String) throws(ConfigurationError) {
        guard take(byte) else { throw refusal(.syntax, "this is no JSON: expected \(name)") }
    }

    /// A number, `true`, `false` or `null`.
    private mutating func word(at start: Mark) throws(ConfigurationError) {
        let word = bytes[position...].prefix { $0.isJSONWord }
        let text = String(decoding: word, as: UTF8.self)
        let isNumber = (text.first?.isNumber == true || text.first == "-") && Double(text) != nil && !text.contains("x")
        guard isNumber || ["true", "false", "null"].contains(text) else {
            throw refusal(.syntax, "this is no JSON: expected a value")
        }
        position += word.count
        try builder.scalar(text == "null" ? "" : text, isPlain: true, at: start)
    }

    private mutating func string() throws(ConfigurationError) -> String {
        position += 1
        var units: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw refusal(.syntax, "this is no JSON: a text is no UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try escape(into: &units)
            case 0..<0x20: throw refusal(.syntax, "this is no JSON: a line ends inside a text")
            case let byte: units.append(byte)
            }
        }
        throw refusal(.syntax, "this is no JSON: a text has no end")
    }

    private mutating func escape(into units: inout [UInt8]) throws(ConfigurationError) {
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
        ]
        let byte = next
        position += 1
        if let byte, let unit = plain[byte] { return units.append(unit) }
        guard byte == UInt8(ascii: "u"), var code = codeUnit() else {
            throw refusal(.syntax, "this is no JSON: unknown escape in a text")
        }
        if 0xD800..<0xDC00 ~= code, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let low = codeUnit(),
            0xDC00..<0xE000 ~= low
        {
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw refusal(.syntax, "this is no JSON: half a surrogate pair in a text")
        }
        units.append(contentsOf: Array(String(Character(scalar)).utf8))
    }

    /// Four hexadecimal digits.
    private mutating func codeUnit() -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        let digits = bytes[position..<position + 4]
        position += 4
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private func refusal(_ code: ConfigurationError.Code, _ advice: String) -> ConfigurationError {
        ConfigurationError([ConfigurationProblem(code: code, file: file, mark: mark, advice: advice)])
    }
}

extension UInt8 {
    /// A byte that a number or a literal name may have.
    fileprivate var isJSONWord: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }
}
