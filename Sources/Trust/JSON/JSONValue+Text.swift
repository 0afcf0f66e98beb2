extension JSONValue {
    /// Parses one JSON text.
    ///
    /// - Throws: `TrustError` with the byte offset of what is wrong.
    package init(
        parsing bytes: [UInt8],
        numbers: JSONNumbers = .any,
        limits: JSONLimits = JSONLimits()
    ) throws(TrustError) {
        self = try JSONParser.parse(bytes, numbers: numbers, limits: limits)
    }

    /// The one serialisation that RFC 8785 gives this value.
    ///
    /// - Throws: `TrustError` for a number that is no integer below 2^53.
    package func canonicalBytes() throws(TrustError) -> [UInt8] {
        var bytes: [UInt8] = []
        try appendCanonical(to: &bytes)
        return bytes
    }

    private func appendCanonical(to bytes: inout [UInt8]) throws(TrustError) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let isTrue): bytes += (isTrue ? "true" : "false").utf8
        case .integer(let number): bytes += "\(number)".utf8
        case .decimal(let text):
            throw TrustError(.jsonNotCanonical, "JSON", "has the number \(text): only integers below 2^53 are signed")
        case .string(let text): Self.append(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                try element.appendCanonical(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: Self.isBefore).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.append(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                try member.value.appendCanonical(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// Members by their keys' UTF-16 code units (RFC 8785, section 3.2.3).
    private static func isBefore(_ left: Member, _ right: Member) -> Bool {
        left.key.utf16.lexicographicallyPrecedes(right.key.utf16)
    }

    /// A string with the escapes of RFC 8785, section 3.2.2.2, and no others.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += #"\""#.utf8
            case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
            case 0x08: bytes += #"\b"#.utf8
            case 0x09: bytes += #"\t"#.utf8
            case 0x0A: bytes += #"\n"#.utf8
            case 0x0C: bytes += #"\f"#.utf8
            case 0x0D: bytes += #"\r"#.utf8
            case 0..<0x20: bytes += "\(byte < 0x10 ? #"\u000"# : #"\u00"#)\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
