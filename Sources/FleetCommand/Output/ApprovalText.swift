import Coordinator
import Model
import Rollout

/// What exactly somebody is asked to approve, as lines of text.
struct ApprovalText {
    private let request: ApprovalRequest
    private let order: Order

    /// Takes an order that was checked against the request's plan.
    init(_ request: ApprovalRequest, _ order: Order) {
        self.request = request
        self.order = order
    }

    /// `directory` is where the revisions between the releases are looked for.
    func lines(in directory: String) async -> [String] {
        let people = request.people.isEmpty ? "nobody yet" : request.people.joined(separator: ", ")
        return PlanText(request.plan).lines + source
            + (await RevisionText(request.previousSource, request.plan.release?.source).lines(in: directory))
            + [
                "  asked by  \(order.requester)" + (order.reason.map { ": \($0)" } ?? ""),
                "  approved  by \(people); \(request.needed) must",
                "  times     approve by \(request.until), start by \(order.startBy), switch by \(order.validUntil)",
                "  plan      sha256:\(order.plan)",
                "  order     sha256:\(request.digest), \(request.rollout.label), epoch \(order.epoch)",
            ]
    }

    private var source: [String] {
        guard let source = request.plan.release?.source else {
            return ["  source    not known: nobody has vouched for one"]
        }
        return ["  source    \(source.repository) at \(source.revision)"]
    }
}
