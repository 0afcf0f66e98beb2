import Testing

@testable import Trust

struct Base64Tests {
    @Test(
        "Known answers of RFC 4648, padded and not",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
    )
    func knownAnswers(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        #expect(Base64.decode(String(encoded.prefix { $0 != "=" })) == Array(plain.utf8))
    }

    @Test("Both alphabets give the same bytes")
    func alphabets() {
        #expect(Base64.decode("+/+/") == [0xFB, 0xFF, 0xBF])
        #expect(Base64.decode("-_-_") == [0xFB, 0xFF, 0xBF])
    }

    @Test(
        "What is ambiguous or broken is refused",
        arguments: ["A", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "Z=9v", "+-AA", "Zm9v====", "Zm9vé"]
    )
    func refused(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
