internal import Model

extension ByteCount {
    private static let units: [(suffix: String, shift: Int64)] = [
        ("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10), ("B", 0),
    ]

    /// Parses a whole number with its unit: `512B`, `64KiB`, `20GiB`.
    ///
    /// - Throws: `ModelError`; a bare number is refused because its unit would be a guess, and so is `GB`.
    init(parsing text: String) throws(ModelError) {
        for unit in Self.units where text.hasSuffix(unit.suffix) {
            let digits = text.dropLast(unit.suffix.count)
            guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int64(digits),
                number <= 1 << (60 - unit.shift)
            else { break }
            self.init(number << unit.shift)
            return
        }
        throw ModelError(
            .invalidQuantity,
            found: text,
            advice: "is no size: write a whole number with its unit, for example 512MiB, 20GiB (B, KiB, MiB, GiB, TiB)"
        )
    }
}
