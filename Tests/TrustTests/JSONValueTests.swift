import Testing

@testable import Trust

struct JSONValueTests {
    struct Refusal: CustomTestStringConvertible, Sendable {
        let text: String
        let offset: Int
        let advice: String
        init(_ text: String, _ offset: Int, _ advice: String) {
            (self.text, self.offset, self.advice) = (text, offset, advice)
        }
        var testDescription: String { text }
    }

    @Test(
        "What readers could disagree about is refused with its place",
        arguments: [
            Refusal("", 0, "ends too early"),
            Refusal("   ", 3, "ends too early"),
            Refusal(#"{"a":1,"a":2}"#, 7, "twice"),
            Refusal(#"{"a":1,"\u0061":2}"#, 7, "twice"),
            Refusal("[1,2", 4, "misses"),
            Refusal("[1,]", 3, "no value"),
            Refusal("{,}", 1, "misses a key"),
            Refusal(#"{"a"1}"#, 4, "misses ':'"),
            Refusal("1 2", 2, "after its end"),
            Refusal("{}x", 2, "after its end"),
            Refusal("nul", 0, "no value"),
            Refusal("True", 0, "no value"),
            Refusal("01", 2, "malformed number"),
            Refusal("-", 1, "malformed number"),
            Refusal("+1", 0, "no value"),
            Refusal("1.", 2, "malformed number"),
            Refusal("1e", 2, "malformed number"),
            Refusal("NaN", 0, "no value"),
            Refusal(#""abc"#, 0, "without an end"),
            Refusal(#""a\x""#, 2, "unknown escape"),
            Refusal(#""\ud800""#, 1, "surrogate"),
            Refusal(#""\udc00""#, 1, "surrogate"),
            Refusal(#""\ud800\u0041""#, 1, "surrogate"),
            Refusal(#""\u12g4""#, 5, "malformed \\u"),
            Refusal("\"a\tb\"", 2, "control character"),
            Refusal("\u{FEFF}{}", 0, "no value"),
        ]
    )
    func refused(_ row: Refusal) {
        let error = #expect(throws: TrustError.self) { try JSONValue(parsing: Array(row.text.utf8)) }
        #expect(error?.code == .jsonInvalid)
        #expect(error?.offset == row.offset)
        #expect(error?.advice.contains(row.advice) == true, "\(String(describing: error))")
    }

    @Test(
        "Bytes that are no UTF-8 are refused",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]]
    )
    func invalidUTF8(_ bytes: [UInt8]) {
        let error = #expect(throws: TrustError.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
        #expect(error?.advice.contains("UTF-8") == true)
    }

    @Test("64 levels are read, 65 are not")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] {
            Array(String(repeating: "[", count: levels).utf8) + Array(String(repeating: "]", count: levels).utf8)
        }
        _ = try JSONValue(parsing: nested(64))
        let error = #expect(throws: TrustError.self) { try JSONValue(parsing: nested(65)) }
        #expect(error?.offset == 64)
    }

    @Test("A text beyond the size limit is refused before it is read")
    func size() {
        let error = #expect(throws: TrustError.self) {
            try JSONValue(parsing: Array("[1,2,3]".utf8), limits: JSONLimits(size: 6))
        }
        #expect(error?.advice.contains("7 bytes") == true)
    }

    @Test("Integers end below 2^53, other numbers are kept as written or refused")
    func numbers() throws {
        let largest = "9007199254740991"
        #expect(try JSONValue(parsing: Array(largest.utf8)) == .integer(9_007_199_254_740_991))
        #expect(try JSONValue(parsing: Array("-\(largest)".utf8)) == .integer(-9_007_199_254_740_991))
        for text in ["9007199254740992", "1.0", "1e3", "-0.5E-7", "99999999999999999999999"] {
            #expect(try JSONValue(parsing: Array(text.utf8)) == .decimal(text))
            #expect(throws: TrustError.self) { try JSONValue(parsing: Array(text.utf8), numbers: .integersOnly) }
            #expect(throws: TrustError.self) { try JSONValue.decimal(text).canonicalBytes() }
        }
    }

    @Test("Keys that differ in bytes but look alike are different keys")
    func normalisation() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        let value = try JSONValue(parsing: Array(#"{"\#(composed)":1,"\#(decomposed)":2}"#.utf8))
        #expect(value[composed] == .integer(1))
        #expect(value[decomposed] == .integer(2))
    }

    @Test("The example of RFC 8785 for strings and literals comes out as printed there")
    func canonicalExample() throws {
        let text = #"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#
        let canonical = #"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        let bytes = try JSONValue(parsing: Array(text.utf8)).canonicalBytes()
        #expect(String(decoding: bytes, as: UTF8.self) == canonical)
    }

    @Test("Keys are sorted by UTF-16 code units, as in RFC 8785, section 3.2.3")
    func canonicalOrder() throws {
        let text = #"""
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
             "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """#
        let bytes = try JSONValue(parsing: Array(text.utf8)).canonicalBytes()
        let values = try #require(try JSONValue(parsing: bytes).object).compactMap(\.value.string)
        #expect(
            values == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
                "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ]
        )
    }
}
