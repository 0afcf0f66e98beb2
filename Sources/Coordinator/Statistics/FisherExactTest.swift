internal import Glibc

/// Whether one share is larger than another by more than chance: Fisher's exact test, one-sided.
///
/// With all sums of the table given, what is bad in the first group is hypergeometric if both groups are alike (R. A.
/// Fisher, "On the interpretation of χ² from contingency tables, and the calculation of P", Journal of the Royal
/// Statistical Society 85, 1922; A. Agresti, "Categorical Data Analysis", 2nd edition, section 3.5.1). It is exact for any
/// counts, also where nothing at all is bad in one group, which is what approximations by the normal distribution are not.
enum FisherExactTest {
    /// The probability that chance alone makes `first` at least as bad as it is, 0 to 1.
    static func pValue(_ first: Proportion, exceeds second: Proportion) -> Double {
        let table = Hypergeometric(first, second)
        // The tail that falls from its first term on, so that few terms are enough and none cancels another.
        let isAboveMean = Double(first.part) > table.mean
        return isAboveMean ? min(1, table.upperTail(from: first.part)) : 1 - table.lowerTail(to: first.part - 1)
    }
}

/// How many of `bad` fall into a first group of `first`, when `first` and `second` are alike.
private struct Hypergeometric {
    let first: Double
    let second: Double
    let bad: Double

    /// Terms below this part of the sum change none of its digits.
    private static let negligible = 1e-17

    init(_ first: Proportion, _ second: Proportion) {
        self.first = Double(first.all)
        self.second = Double(second.all)
        bad = Double(first.part + second.part)
    }

    var mean: Double { first + second == 0 ? 0 : bad * first / (first + second) }

    func upperTail(from count: Int64) -> Double {
        sum(from: Double(count)) { count in
            (first - count) * (bad - count) / ((count + 1) * (second - bad + count + 1))
        } next: {
            $0 + 1
        }
    }

    func lowerTail(to count: Int64) -> Double {
        guard Double(count) >= max(0, bad - second) else { return 0 }
        return sum(from: Double(count)) { count in
            count * (second - bad + count) / ((first - count + 1) * (bad - count + 1))
        } next: {
            $0 - 1
        }
    }

    /// The sum of terms of which each is `ratio` times the one before; a ratio of 0 ends it.
    private func sum(from start: Double, ratio: (Double) -> Double, next: (Double) -> Double) -> Double {
        var count = start
        var term = 1.0
        var sum = 1.0
        while true {
            term *= ratio(count)
            guard term > sum * Self.negligible else { return sum * exp(logProbability(start)) }
            sum += term
            count = next(count)
        }
    }

    private func logProbability(_ count: Double) -> Double {
        Self.logChoose(first, count) + Self.logChoose(second, bad - count) - Self.logChoose(first + second, bad)
    }

    private static func logChoose(_ all: Double, _ part: Double) -> Double {
        logGamma(all + 1) - logGamma(part + 1) - logGamma(all - part + 1)
    }

    /// lgamma(3) writes a global; its reentrant sibling does not.
    private static func logGamma(_ value: Double) -> Double {
        var sign: Int32 = 0
        return lgamma_r(value, &sign)
    }
}
