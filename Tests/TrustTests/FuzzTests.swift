import Foundation
import Model
import TestSupport
import Testing

@testable import Trust

/// The fuzz entry: reads `bytes` as everything that arrives as JSON and is trusted for nothing yet.
///
/// Answers how many of the readers took it; anything but that or a `TrustError` is a bug.
@discardableResult
func fuzzJSON(_ bytes: [UInt8]) -> Int {
    let artifact = Digest(bytes: [UInt8](repeating: 0xAB, count: 32))
    let statement = VerifiedPayload(type: Provenance.payloadType, bytes: bytes, signers: [])
    let readers: [() throws -> Void] = [
        { try readValue(bytes) }, { _ = try DSSEEnvelope(json: bytes) },
        { _ = try Provenance(statement, of: artifact) }, { _ = try TrustedBuilder(json: bytes, name: "f") },
    ]
    return readers.count { reader in
        do {
            try reader()
            return true
        } catch {
            precondition((error as? TrustError)?.advice.isEmpty == false)
            return false
        }
    }
}

/// What has a canonical form has only one.
private func readValue(_ bytes: [UInt8]) throws {
    let value = try JSONValue(parsing: bytes)
    guard let canonical = try? value.canonicalBytes() else { return }
    precondition((try? JSONValue(parsing: canonical).canonicalBytes()) == canonical)
}

/// `SEED=…` repeats a run.
struct FuzzTests {
    private static let seed = SeededGenerator.seedOfRun
    private static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\u", "\\ud800", "null", "-", "1e9", "0", "=", "e30=", "\u{0}", "\u{301}",
        #""payload":"#, #""signatures":[]"#, #""keyid":1"#,
    ].map { Array($0.utf8) }

    private static func corpus() throws -> [[UInt8]] {
        let directory = Fixture.directory.appendingPathComponent("corpus")
        return try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted().map { name in
            try Array(Data(contentsOf: directory.appendingPathComponent(name)))
        }
    }

    @Test("The corpus, and every beginning of it, is read or refused")
    func wholeAndCut() throws {
        var taken = 0
        for bytes in try Self.corpus() {
            taken += fuzzJSON(bytes)
            for length in 0..<min(bytes.count, 400) { fuzzJSON(Array(bytes[..<length])) }
        }
        #expect(taken > 5)
    }

    @Test("Damaged statements and envelopes are read or refused, never more")
    func mutations() throws {
        print("FuzzTests.mutations SEED=\(Self.seed)")
        var generator = SeededGenerator(seed: Self.seed)
        let corpus = try Self.corpus()
        var taken = 0
        for _ in 0..<4000 {
            var bytes = try #require(corpus.randomElement(using: &generator))
            for _ in 0...Int.random(in: 0...4, using: &generator) { mutate(&bytes, &generator) }
            taken += fuzzJSON(bytes) > 0 ? 1 : 0
        }
        #expect(taken > 100, "SEED=\(Self.seed)")
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...30, using: &generator)))
        case 3: bytes.insert(contentsOf: Array(bytes[place...].prefix(40)), at: place)
        case _: bytes.insert(contentsOf: Self.tokens.randomElement(using: &generator) ?? [], at: place)
        }
    }
}
