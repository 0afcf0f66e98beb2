extension String {
    /// Whether both are the same bytes.
    ///
    /// Swift's `==` compares what people see: it takes the Kelvin sign for a K and composed letters for decomposed ones
    /// (Unicode Standard Annex 15). Names that trust rests on are compared by their bytes.
    func isExactly(_ other: String?) -> Bool { other.map { utf8.elementsEqual($0.utf8) } ?? false }
}
