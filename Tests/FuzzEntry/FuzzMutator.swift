import TestSupport

/// Damages inputs in the ways that decoders are known to stumble over; the same seed gives the same damage.
package struct FuzzMutator {
    private let words: [[UInt8]]
    private let inputs: [[UInt8]]
    private var generator: SeededGenerator

    package init(_ target: FuzzTarget, inputs: [[UInt8]], seed: UInt64) {
        words = target.words
        self.inputs = inputs
        generator = SeededGenerator(seed: seed)
    }

    /// One of the inputs, changed in one to six places.
    package mutating func next() -> [UInt8] {
        var bytes = inputs.randomElement(using: &generator) ?? []
        for _ in 0...number(below: 6) { change(&bytes) }
        return bytes
    }

    private mutating func number(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = words.randomElement(using: &generator) ?? []
            return
        }
        let place = number(below: bytes.count)
        switch number(below: 8) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] ^= 1 << UInt8(number(below: 8))
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + number(below: 40)))
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.insert(contentsOf: Array(bytes[place...].prefix(1 + number(below: 600))), at: place)
        case 5: bytes += (inputs.randomElement(using: &generator) ?? []).prefix(1 + number(below: 4096))
        case 6:
            let word = words.randomElement(using: &generator) ?? []
            bytes.replaceSubrange(place..<min(bytes.count, place + word.count), with: word)
        case _: bytes.insert(contentsOf: words.randomElement(using: &generator) ?? [], at: place)
        }
    }
}
