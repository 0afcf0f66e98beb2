import FuzzEntry
import TestSupport
import Testing

/// A bounded share of `make fuzz` in every run of the tests; `SEED=…` repeats one.
struct FuzzTests {
    private static let seed = SeededGenerator.seedOfRun
    private static let rounds = 500
    /// A beginning of every length is read of inputs up to this size, of larger ones forty.
    private static let small = 400

    @Test("The corpus is read or refused, whole and cut anywhere", arguments: FuzzTarget.all)
    func corpus(_ target: FuzzTarget) throws {
        let corpus = try target.corpus()
        #expect(corpus.count >= 5)
        let taken = corpus.count { target.read($0.bytes) > 0 }
        // Otherwise only the first check of each decoder would have been tested.
        #expect(taken >= 2, "\(taken) of \(corpus.count)")
        for (_, bytes) in corpus {
            let step = max(1, bytes.count <= Self.small ? 1 : bytes.count / 40)
            for length in stride(from: 0, to: bytes.count, by: step) { _ = target.read(Array(bytes[..<length])) }
        }
    }

    @Test("Damaged inputs are read or refused, never more", arguments: FuzzTarget.all)
    func damage(_ target: FuzzTarget) throws {
        print("FuzzTests.damage \(target.name) SEED=\(Self.seed)")
        var mutator = FuzzMutator(target, inputs: try target.corpus().map(\.bytes), seed: Self.seed)
        var (taken, refused) = (0, 0)
        for _ in 0..<Self.rounds {
            if target.read(mutator.next()) > 0 { taken += 1 } else { refused += 1 }
        }
        #expect(taken > 0 && refused > 0, "\(taken) taken, \(refused) refused, SEED=\(Self.seed)")
    }
}

extension FuzzTarget: CustomTestStringConvertible {
    package var testDescription: String { name }
}
