/// A strict reader of RFC 8259: what two readers could take for different things is refused.
///
/// Refused: duplicate keys, invalid UTF-8, lone surrogates, a byte order mark, data after the value, nesting and size
/// beyond the limits.
struct JSONParser {
    private let bytes: [UInt8]
    private let numbers: JSONNumbers
    private let limits: JSONLimits
    var position = 0
    private var depth = 0

    private init(_ bytes: [UInt8], numbers: JSONNumbers, limits: JSONLimits) {
        self.bytes = bytes
        self.numbers = numbers
        self.limits = limits
    }

    /// The one value that `bytes` hold.
    static func parse(_ bytes: [UInt8], numbers: JSONNumbers, limits: JSONLimits) throws(TrustError) -> JSONValue {
        guard bytes.count <= limits.size else {
            throw TrustError(.jsonInvalid, "JSON", "has \(bytes.count) bytes, more than the \(limits.size) allowed")
        }
        var parser = Self(bytes, numbers: numbers, limits: limits)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.refusal("has data after its end") }
        return value
    }

    /// The byte at the position, or nil at the end.
    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func slice(from start: Int) -> ArraySlice<UInt8> { bytes[start..<position] }

    func refusal(_ advice: String, at offset: Int? = nil) -> TrustError {
        TrustError(.jsonInvalid, "JSON", advice, offset: offset ?? position)
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value() throws(TrustError) -> JSONValue {
        switch current {
        case UInt8(ascii: "{"): return try nested { parser throws(TrustError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(TrustError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case .some(let byte) where byte == UInt8(ascii: "-") || 0x30...0x39 ~= byte: return try number()
        case nil: throw refusal("ends too early")
        case .some: throw refusal("has no value where one must stand")
        }
    }

    private mutating func nested(
        _ body: (inout Self) throws(TrustError) -> JSONValue
    ) throws(TrustError) -> JSONValue {
        guard depth < limits.depth else { throw refusal("is nested deeper than \(limits.depth) levels") }
        depth += 1
        position += 1
        skipSpace()
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(TrustError) -> JSONValue {
        let end = position + text.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else {
            throw refusal("has no value where one must stand")
        }
        position = end
        return value
    }

    private mutating func array() throws(TrustError) -> JSONValue {
        var elements: [JSONValue] = []
        if take("]") { return .array(elements) }
        repeat {
            skipSpace()
            elements.append(try value())
            skipSpace()
        } while take(",")
        guard take("]") else { throw refusal("misses ',' or ']' in an array") }
        return .array(elements)
    }

    private mutating func object() throws(TrustError) -> JSONValue {
        var members: [JSONValue.Member] = []
        var seen: Set<[UInt8]> = []
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            let start = position
            guard current == UInt8(ascii: "\"") else { throw refusal("misses a key in an object") }
            let key = try string()
            guard seen.insert(Array(key.utf8)).inserted else { throw refusal("has the key '\(key)' twice", at: start) }
            skipSpace()
            guard take(":") else { throw refusal("misses ':' after a key") }
            skipSpace()
            members.append(JSONValue.Member(key, try value()))
            skipSpace()
        } while take(",")
        guard take("}") else { throw refusal("misses ',' or '}' in an object") }
        return .object(members)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = current, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
        return position - start
    }

    private mutating func number() throws(TrustError) -> JSONValue {
        let start = position
        _ = take("-")
        let leading = current
        let whole = digits()
        guard whole == 1 || whole > 1 && leading != UInt8(ascii: "0") else { throw refusal("has a malformed number") }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard digits() > 0 else { throw refusal("has a malformed number") }
        }
        if take("e") || take("E") {
            isWhole = false
            _ = take("+") || take("-")
            guard digits() > 0 else { throw refusal("has a malformed number") }
        }
        let text = String(decoding: slice(from: start), as: UTF8.self)
        let range = -JSONValue.maximumInteger...JSONValue.maximumInteger
        if isWhole, let integer = Int64(text), range ~= integer { return .integer(integer) }
        switch numbers {
        case .any: return .decimal(text)
        case .integersOnly:
            throw refusal("has the number \(text.prefix(40)): only whole numbers below 2^53 are allowed", at: start)
        }
    }
}
