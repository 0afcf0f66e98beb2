internal import Model

/// Reads a gate that asks Prometheus: one with bounds of its own, or one that compares hosts.
struct PrometheusGateReader {
    private let reader: MappingReader<FleetKeys.Gate>
    private var findings: Findings { reader.findings }

    private static let ranges = TimeSpan.seconds(1)...TimeSpan.days(7)

    init(_ reader: MappingReader<FleetKeys.Gate>) { self.reader = reader }

    /// The only thing that changed hosts can be compared with.
    private enum Control: String, CaseIterable {
        case unchanged
    }

    var question: Gate.Question? {
        let url = reader.value(.prometheus, Self.base)
        guard reader[.compare] == nil else {
            _ = reader.choice(.compare, among: Control.allCases)
            refuse(
                [.min, .max],
                "stands in a comparison, whose bound are the unchanged hosts; 'tolerance' says how far above"
            )
            return url.flatMap(comparison).map(Gate.Question.comparison)
        }
        refuse([.bad, .significance, .tolerance], "goes with 'compare: unchanged'")
        return url.flatMap(bounded).map(Gate.Question.prometheus)
    }

    /// A key that would do nothing was meant for something.
    private func refuse(_ keys: [FleetKeys.Gate], _ why: String) {
        for key in keys where reader[key] != nil {
            findings.add(.contradiction, at: reader.mark(of: key), "\(key.rawValue): \(why)")
        }
    }

    /// Where an API is; what is asked there is not the user's to write.
    private static func base(_ text: String) throws(ModelError) -> String {
        guard !text.contains("?"), !text.contains("/api/v1") else {
            let advice =
                "is no address of Prometheus: write it without /api/v1 and query, for example http://prometheus:9090"
            throw ModelError(.invalidName, found: text, advice: advice)
        }
        return try CheckReader.validated(url: text)
    }

    // MARK: Bounds

    private func bounded(_ url: String) -> PrometheusGate? {
        guard let query = reader.requiredValue(.query, QueryTemplate.init(parsing:)) else { return nil }
        guard let bounds = reader.bounds else {
            findings.add(.missingKey, at: reader.mark, "key 'min' or 'max' is missing: what must the answer be?")
            return nil
        }
        if (reader[.requests] == nil) != (reader[.minRequests] == nil) {
            let advice = "requests: the query that counts them, and min_requests how many are needed: write both"
            findings.add(.contradiction, at: reader.mark(of: .requests), advice)
        }
        var gate = PrometheusGate(url: url, query: query, bounds: bounds, range: range)
        if let query = reader.value(.requests, QueryTemplate.init(parsing:)),
            let min = reader.value(.minRequests, Figure.init(parsing:))
        {
            gate.requests = PrometheusGate.Requests(query: query, min: min)
        }
        return gate
    }

    private var range: QueryRange? {
        guard reader[.over] != nil else {
            refuse([.step, .minSamples], "goes with 'over', the time that is looked at")
            return nil
        }
        guard let over = reader.span(.over, in: Self.ranges) else { return nil }
        var range = QueryRange(over: over, step: reader.span(.step, in: QueryRange.leastStep...over))
        guard range.samples <= QueryRange.mostSamples else {
            let advice =
                "step: \(over) have \(range.samples) samples that way; Prometheus answers \(QueryRange.mostSamples) at most"
            findings.add(.contradiction, at: reader.mark(of: .step), advice)
            return nil
        }
        range.minSamples = reader.number(.minSamples, in: 1...range.samples) ?? range.minSamples
        return range
    }

    // MARK: Comparisons

    private func comparison(_ url: String) -> ComparisonGate? {
        guard let measure, let significance = share(.significance, .percent(1)),
            let tolerance = share(.tolerance, .percent(0))
        else { return nil }
        guard significance.value > 0, significance.value <= 0.5 else {
            let advice = "significance: expected more than 0 and at most 0.5, found \(significance)"
            findings.add(.invalidValue, at: reader.mark(of: .significance), advice)
            return nil
        }
        return ComparisonGate(url: url, measure: measure, significance: significance, tolerance: tolerance)
    }

    private func share(_ key: FleetKeys.Gate, _ otherwise: Share) -> Share? {
        reader[key] == nil ? otherwise : reader.value(key, Share.init(parsing:))
    }

    private var measure: ComparisonGate.Measure? {
        switch (reader[.bad], reader[.query]) {
        case (_?, nil): return counts.map(ComparisonGate.Measure.counts)
        case (nil, _?): return samples.map(ComparisonGate.Measure.samples)
        case (nil, nil), (_?, _?):
            let advice =
                "compare: write either 'bad' and 'requests', which are counted, or 'query' and 'over', which is measured"
            findings.add(.contradiction, at: reader.mark(of: .compare), advice)
            return nil
        }
    }

    private var counts: ComparisonGate.Counts? {
        refuse(
            [.over, .step, .minSamples],
            "has no meaning for counts; the queries say their time, as in increase(…[5m])"
        )
        guard let bad = query(.bad), let requests = query(.requests),
            let min = reader.requiredValue(.minRequests, Figure.init(parsing:))
        else { return nil }
        guard min.value >= 1 else {
            findings.add(
                .invalidValue,
                at: reader.mark(of: .minRequests),
                "min_requests: expected 1 or more, found \(min)"
            )
            return nil
        }
        return ComparisonGate.Counts(bad: bad, requests: requests, min: min)
    }

    private var samples: ComparisonGate.Samples? {
        refuse([.requests, .minRequests], "goes with 'bad', which is counted")
        guard reader.required(.over) != nil, let query = query(.query), let range else { return nil }
        return ComparisonGate.Samples(query: query, range: range)
    }

    /// Both groups are asked the same, so without their names both would answer the same.
    private func query(_ key: FleetKeys.Gate) -> QueryTemplate? {
        guard let query = reader.requiredValue(key, QueryTemplate.init(parsing:)) else { return nil }
        guard query.names(.hosts) else {
            let advice =
                "\(key.rawValue): names no $hosts, so changed and unchanged hosts would answer the same; write {host=~\"$hosts\"}"
            findings.add(.invalidValue, at: reader.mark(of: key), advice)
            return nil
        }
        return query
    }
}
