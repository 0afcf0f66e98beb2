import Foundation

/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same run in every process.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// `SEED` of the environment, which repeats a run, or nil.
    package static var givenSeed: UInt64? {
        ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }
    }

    /// The seeds of a test that takes many: the given one alone, else as many as `FLEET_SEEDS` says, else `usual`.
    package static func seeds(usual: UInt64) -> ClosedRange<UInt64> {
        if let givenSeed { return givenSeed...givenSeed }
        return 1...count(usual: usual)
    }

    /// As many seeds as `FLEET_SEEDS` says, which a long run sets, else `usual`.
    package static func count(usual: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment["FLEET_SEEDS"].flatMap { UInt64($0) } ?? usual
    }

    /// The seed of this run, which a test prints before it can fail.
    package static var seedOfRun: UInt64 { givenSeed ?? .random(in: 1 ... .max) }
}
