import Coordinator
import Model

/// What came of a verification, for people.
struct AuditText {
    private let found: AuditVerification

    init(_ found: AuditVerification) { self.found = found }

    var lines: [String] {
        let last = found.first + found.records - 1
        let span = found.records == 0 ? "no records" : "records \(found.first) to \(last)"
        var lines = ["\(span) of the \(found.ledgerSize) of \(found.ledger): complete and unchanged"]
        if found.receipts > 0 || found.receiptsPending > 0 { lines.append(receipts) }
        lines += found.findings.map { "record \($0.record) \($0.text)" }
        if !found.openReviews.isEmpty, !found.reviewsChecked {
            lines.append("no signature of a review was checked: name the approvers with --approvers")
        }
        return lines + found.openReviews.map(Self.review)
    }

    private var receipts: String {
        let whose =
            found.receiptsChecked ? "signed by their hosts" : "not checked, for want of the authority's root (--ca)"
        let local = found.localActs == 0 ? "" : ", \(found.localActs) of what was done on the hosts themselves"
        let pending =
            found.receiptsPending == 0 ? "" : "; \(found.receiptsPending) may still come, of rollouts that go on"
        return "\(found.receipts) receipts, \(whose)\(local)\(pending)"
    }

    /// One line that asks for a review.
    static func review(_ broken: BrokenGlass) -> String {
        "\(broken.description); nobody has reviewed it: 'fleet audit review \(broken.record) --reason TEXT'"
    }
}
