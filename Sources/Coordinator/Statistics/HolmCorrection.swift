/// Which of several tests count, if all of them together may be wrong no more often than one.
///
/// Among a hundred endpoints that are well one seems to be bad at a significance of 0.01. The smallest p-value must
/// be below a hundredth of that, the next below a ninety-ninth, and so on to the first that is not (S. Holm, "A simple
/// sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979).
enum HolmCorrection {
    /// The indices of those that count.
    static func significant(_ pValues: [Double], at significance: Double) -> Set<Int> {
        let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
        let count = order.enumerated().prefix { place, index in
            pValues[index] <= significance / Double(order.count - place)
        }
        return Set(count.map(\.element))
    }
}
