/// How tests went that were run with an artifact (in-toto test-result v0.1).
package struct TestResult: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        case passed = "PASSED"
        case warned = "WARNED"
        case failed = "FAILED"
    }

    package var verdict: Verdict
    /// Where the run can be looked at.
    package var url: String?
    /// Names of single tests that failed.
    package var failed: [String]

    package init(_ verdict: Verdict, url: String? = nil, failed: [String] = []) {
        self.verdict = verdict
        self.url = url
        self.failed = failed
    }

    /// - Throws: `TrustError` for a predicate without a known result.
    init(_ predicate: JSONValue) throws(TrustError) {
        let result = predicate["result"]?.string
        guard let verdict = Verdict.allCases.first(where: { $0.rawValue.isExactly(result) }) else {
            throw TrustError(
                .statementInvalid,
                "test-result",
                "has the result '\(result ?? "none")'; expected \(Verdict.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        self.init(
            verdict,
            url: predicate["url"]?.string,
            failed: (predicate["failedTests"]?.array ?? []).map { $0.string ?? "a test without a name" }
        )
    }

    var predicate: JSONValue {
        .of([
            ("result", .string(verdict.rawValue)), ("configuration", .array([])), ("url", url.map { .string($0) }),
            ("failedTests", failed.isEmpty ? nil : .array(failed.map { .string($0) })),
        ])
    }

    /// Why it is not enough, or nil when everything passed.
    var shortcoming: String? {
        guard verdict == .passed else { return "says \(verdict.rawValue), expected PASSED" }
        guard let first = failed.first else { return nil }
        return "says PASSED, but names \(failed.count) failed tests, '\(first.prefix(80))' among them"
    }
}
