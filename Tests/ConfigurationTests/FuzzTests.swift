import Configuration
import Foundation
import TestSupport
import Testing

/// Random damage to real files: anything may be refused, nothing may trap.
///
/// `SEED=…` repeats a run.
struct FuzzTests {
    static let seed = SeededGenerator.seedOfRun

    @Test("What is likely to go wrong is parsed or refused, whole or cut", arguments: try Fixture.names(in: "corpus"))
    func corpus(_ name: String) throws {
        let bytes = try Fixture.bytes("corpus/\(name)")
        for length in 0...bytes.count { _ = try parse(Array(bytes[..<length])) }
    }

    @Test("Damaged files are parsed or refused, and a refusal always has a message")
    func damage() throws {
        print("fuzz seed=\(Self.seed)")
        var generator = SeededGenerator(seed: Self.seed)
        var corpus = try Fixture.names(in: "complete").map { try Fixture.bytes("complete/\($0)") }
        for name in try Fixture.names(in: "broken") where !name.hasSuffix(".txt") {
            corpus.append(try Fixture.bytes("broken/\(name)"))
        }
        corpus += try Fixture.names(in: "corpus").map { try Fixture.bytes("corpus/\($0)") }
        corpus.append([UInt8](#"{"web": {"hosts": ["a"], "vars": {"x": "\u00e4"}}, "_meta": {"hostvars": {"a": {}}}}"#))
        var refused = 0
        for _ in 0..<1500 {
            var bytes = try #require(corpus.randomElement(using: &generator))
            for _ in 0..<Int.random(in: 1...8, using: &generator) { mutate(&bytes, &generator) }
            refused += try parse(bytes)
        }
        #expect(refused > 0, "seed=\(Self.seed)")
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let tokens = [
            "&a ", "*a", "!!x ", "- ", ": ", "{", "}", "[", "]", "\n", "\t", "\"", "'", "|\n", "? ", "---\n",
            "\u{FEFF}", "\\u", "#", "%", "<<: ",
        ]
        let place = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0 where place < bytes.count: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
        case 1 where place < bytes.count: bytes.remove(at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...40, using: &generator)))
        case 3: bytes.insert(contentsOf: bytes.prefix(place).suffix(30), at: place)
        default: bytes.insert(contentsOf: Array((tokens.randomElement(using: &generator) ?? "").utf8), at: place)
        }
    }

    /// How many of the parsers refuse `bytes`.
    private func parse(_ bytes: [UInt8]) throws -> Int {
        let parsers: [() throws -> Void] = [
            { _ = try ServiceFile.parse(bytes, file: "f") }, { _ = try FleetFile.parse(bytes, file: "f") },
            { _ = try AgentFile.parse(bytes, file: "f") },
            { _ = try InventoryFile.parse(bytes, file: "f", format: .ini) },
            { _ = try InventoryFile.parse(bytes, file: "f", format: .yaml) },
            { _ = try InventoryFile.parse(bytes, file: "f", format: .json) },
        ]
        return try parsers.count { parser in
            do {
                try parser()
                return false
            } catch let error as ConfigurationError {
                try #require(!error.description.isEmpty)
                return true
            }
        }
    }
}
