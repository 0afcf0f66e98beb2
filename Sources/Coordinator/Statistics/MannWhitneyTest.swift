internal import Glibc

/// Whether one group of samples tends to larger values than another: the Mann-Whitney U test, one-sided.
///
/// It needs no assumption about how the values are distributed, which of latencies nobody could make (H. B. Mann and D. R.
/// Whitney, "On a test of whether one of two random variables is stochastically larger than the other", Annals of
/// Mathematical Statistics 18, 1947). The normal approximation is corrected for ties and continuity (E. L. Lehmann,
/// "Nonparametrics: Statistical Methods Based on Ranks", section 1.4).
enum MannWhitneyTest {
    /// Samples that each group needs for the approximation to be good.
    static let leastSamples = 20

    /// The probability that chance alone makes `first` at least as much larger than `second` as it is; finite values only.
    static func pValue(_ first: [Double], exceeds second: [Double]) -> Double {
        let (sizeOfFirst, sizeOfSecond) = (Double(first.count), Double(second.count))
        let size = sizeOfFirst + sizeOfSecond
        let ranks = Ranks(first, second)
        let count = ranks.sumOfFirst - sizeOfFirst * (sizeOfFirst + 1) / 2
        let mean = sizeOfFirst * sizeOfSecond / 2
        let variance = sizeOfFirst * sizeOfSecond / 12 * (size + 1 - ranks.ties / (size * (size - 1)))
        guard variance > 0 else { return 1 }  // all are the same
        return erfc((count - mean - 0.5) / variance.squareRoot() / 2.0.squareRoot()) / 2
    }
}

/// The samples of both groups in one order; equal ones share their ranks.
private struct Ranks {
    private(set) var sumOfFirst = 0.0
    /// The sum of t³ - t over all groups of t equal samples.
    private(set) var ties = 0.0

    init(_ first: [Double], _ second: [Double]) {
        let all = (first.map { ($0, true) } + second.map { ($0, false) }).sorted { $0.0 < $1.0 }
        var start = 0
        while start < all.count {
            let end = all[start...].firstIndex { $0.0 != all[start].0 } ?? all.count
            let rank = Double(start + 1 + end) / 2
            sumOfFirst += rank * Double(all[start..<end].count { $0.1 })
            let equal = Double(end - start)
            ties += equal * equal * equal - equal
            start = end
        }
    }
}
