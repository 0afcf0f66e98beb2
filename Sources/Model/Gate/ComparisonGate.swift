/// What changed hosts and unchanged ones measure by Prometheus at the same time, and how much worse the changed may be.
///
/// A fixed bound can't tell a bad release from a bad day; hosts that do not run it have the same day.
package struct ComparisonGate: Hashable, Codable, Sendable {
    /// Where the API is, without `/api/v1`.
    package var url: String
    package var measure: Measure
    /// How likely chance alone may be what makes the changed hosts look worse: above 0, at most 0.5.
    package var significance: Share
    /// How much worse they may be for certain: of counts a difference of shares, of samples a share of the median.
    package var tolerance: Share

    package init(url: String, measure: Measure, significance: Share, tolerance: Share) {
        self.url = url
        self.measure = measure
        self.significance = significance
        self.tolerance = tolerance
    }

    package enum Measure: Hashable, Codable, Sendable {
        case counts(Counts)
        case samples(Samples)
    }

    /// How many of the requests were bad; series by label are compared each with its own.
    package struct Counts: Hashable, Codable, Sendable {
        package var bad: QueryTemplate
        package var requests: QueryTemplate
        /// Requests that both groups must have for a series to be compared.
        package var min: Figure

        package init(bad: QueryTemplate, requests: QueryTemplate, min: Figure) {
            self.bad = bad
            self.requests = requests
            self.min = min
        }
    }

    /// A measure of which more is worse; all samples of a group are taken together.
    package struct Samples: Hashable, Codable, Sendable {
        package var query: QueryTemplate
        package var range: QueryRange

        package init(query: QueryTemplate, range: QueryRange) {
            self.query = query
            self.range = range
        }
    }

    /// What must hold, on one line.
    package var demand: String {
        let limits = "at significance \(significance)"
        switch measure {
        case .counts(let counts):
            return "the share of \(counts.bad) in \(counts.requests), from \(counts.min) on, is on changed hosts not "
                + "more than \(tolerance) above that on unchanged ones, \(limits)"
        case .samples(let samples):
            return "\(samples.query) \(samples.range), is on changed hosts not more than \(tolerance) above that on "
                + "unchanged ones, \(limits)"
        }
    }
}
