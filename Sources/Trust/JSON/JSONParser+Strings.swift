extension JSONParser {
    /// A string from its opening to behind its closing quote.
    mutating func string() throws(TrustError) -> String {
        let opening = position
        position += 1
        var text: [UInt8] = []
        var start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                text += slice(from: start)
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw refusal("has a string that is no UTF-8", at: opening)
                }
                return string
            case UInt8(ascii: "\\"):
                text += slice(from: start)
                text += Array(String(try escape()).utf8)
                start = position
            case 0..<0x20:
                throw refusal("has a control character in a string: write it as an escape")
            default:
                position += 1
            }
        }
        throw refusal("has a string without an end", at: opening)
    }

    private mutating func escape() throws(TrustError) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let letter = current else { throw refusal("ends inside an escape") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default: throw refusal("has an unknown escape", at: start)
        }
    }

    /// The rest of `\uXXXX`, or of a pair of them for a scalar beyond U+FFFF.
    private mutating func unicodeEscape(from start: Int) throws(TrustError) -> Unicode.Scalar {
        let first = try hexUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard 0xD800..<0xDC00 ~= first, current == UInt8(ascii: "\\") else {
            throw refusal("has half a surrogate pair", at: start)
        }
        position += 1
        guard current == UInt8(ascii: "u") else { throw refusal("has half a surrogate pair", at: start) }
        position += 1
        let second = try hexUnit()
        guard 0xDC00..<0xE000 ~= second,
            let scalar = Unicode.Scalar(0x10000 + UInt32(first - 0xD800) << 10 + UInt32(second - 0xDC00))
        else { throw refusal("has half a surrogate pair", at: start) }
        return scalar
    }

    private mutating func hexUnit() throws(TrustError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw refusal("has a malformed \\u escape")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
