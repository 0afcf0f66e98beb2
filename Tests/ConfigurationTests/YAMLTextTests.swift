import Testing

@testable import Configuration

struct YAMLTextTests {
    private func parse(_ text: String) throws -> Node { try YAMLText.parse([UInt8](text), file: "test.yml") }

    @Test(
        "Every scalar stays the text that was written",
        arguments: ["1.10", "no", "0x10", "2026-01-01", "null", "~", "1_000", "12:30:45", "true"]
    )
    func scalars(_ text: String) throws {
        #expect(
            try parse("- \(text)").content
                == .sequence([Node(mark: Mark(line: 1, column: 3), content: .scalar(text, isPlain: true))])
        )
    }

    @Test("Values and keys know their line and column, in characters")
    func marks() throws {
        guard case .mapping(let entries) = try parse("ä: {b: c,\n  d: ü}\n").content,
            case .mapping(let inner) = try #require(entries.first).value.content
        else {
            Issue.record("expected a mapping in a mapping")
            return
        }
        #expect(inner.map(\.mark) == [Mark(line: 1, column: 5), Mark(line: 2, column: 3)])
        #expect(inner.map(\.value.mark) == [Mark(line: 1, column: 8), Mark(line: 2, column: 6)])
    }

    @Test("Keys are compared as text, so 1 and 1.0 differ and \"a\" and a do not")
    func keys() throws {
        _ = try parse("1: a\n1.0: b\n")
        #expect(throws: ConfigurationError.self) { try parse("a: 1\n\"a\": 2\n") }
    }

    @Test(
        "What surprises is refused",
        arguments: ["[a]: b", "{a: b}: c", "? [a]\n: b", "%YAML 1.1\n---\na: b", "a: !x b", "a: !!int 1"]
    )
    func surprises(_ text: String) throws {
        #expect(try #require(throws: ConfigurationError.self) { try parse(text) }.code == .surprising)
    }

    @Test("Size, depth and number of values are bounded")
    func limits() throws {
        let large = String(repeating: "#", count: TreeBuilder.maximumBytes + 1)
        let many = "[" + String(repeating: "a,", count: TreeBuilder.maximumNodes + 1) + "]"
        let deep = String(repeating: "- ", count: TreeBuilder.maximumDepth + 1) + "a"
        for text in [large, many, deep] {
            #expect(try #require(throws: ConfigurationError.self) { try parse(text) }.code == .limit)
        }
        _ = try parse(String(repeating: "- ", count: TreeBuilder.maximumDepth) + "a")
    }
}
