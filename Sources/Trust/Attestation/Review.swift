package import Model

/// What people say who have looked at an artifact's source (in-toto human-review v0.1, as it was proposed).
///
/// The reviewers stand in a member of our own, `reviewers`, in the form that human-review/vcs gives it.
package struct Review: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        case pass
        case fail
    }

    package var verdict: Verdict
    /// Names of people, at least one, as approvers and git have them: e-mail addresses.
    package var reviewers: [String]
    package var link: String?
    package var time: WallTime?

    package init(_ verdict: Verdict, reviewers: [String], link: String? = nil, time: WallTime? = nil) {
        self.verdict = verdict
        self.reviewers = reviewers
        self.link = link
        self.time = time
    }

    /// - Throws: `TrustError` for a predicate without a known result, or without reviewers.
    init(_ predicate: JSONValue) throws(TrustError) {
        let result = predicate["result"]?.string
        guard let verdict = Verdict.allCases.first(where: { $0.rawValue.isExactly(result) }) else {
            throw TrustError(.statementInvalid, "review", "has the result '\(result ?? "none")'; expected pass or fail")
        }
        let listed = predicate["reviewers"]?.array ?? []
        let reviewers = listed.compactMap { $0["name"]?.string }.filter { !$0.isEmpty }
        guard !reviewers.isEmpty, reviewers.count == listed.count else {
            throw TrustError(.statementInvalid, "review", "does not name its reviewers (predicate.reviewers[].name)")
        }
        self.init(
            verdict,
            reviewers: reviewers,
            link: predicate["reviewLink"]?.string,
            time: try Statement.time(predicate["timestamp"], "timestamp", subject: "review")
        )
    }

    var predicate: JSONValue {
        .of([
            ("result", .string(verdict.rawValue)),
            ("reviewers", .array(reviewers.map { .of([("name", .string($0))]) })),
            ("reviewLink", link.map { .string($0) }), ("timestamp", time.map { .string($0.description) }),
        ])
    }
}
