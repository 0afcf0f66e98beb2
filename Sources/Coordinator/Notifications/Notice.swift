internal import Model
internal import Rollout

/// One piece of news for people who do not watch: what a webhook shows, and what a command gets as JSON.
struct Notice: Hashable, Encodable, Sendable {
    enum Event: String, Encodable {
        case approvalAsked = "approval_asked"
        case approved
        case approvalWithdrawn = "approval_withdrawn"
        case approvalLapsed = "approval_lapsed"
        case breakGlass = "break_glass"
        case promotionAsked = "promotion_asked"
        case promoted
        case closed
        case paused
        case ended
    }

    let event: Event
    let rollout: String
    let service: ServiceName
    let environment: EnvironmentName
    let release: ReleaseID
    /// RFC 3339.
    let at: String
    /// One sentence, with the next command to type.
    let text: String
    /// Set when it has ended.
    let outcome: Outcome?

    /// The news, if it is one that people wait for.
    init?(_ announcement: Announcement, of rollout: RolloutID, _ plan: Plan, at time: WallTime) {
        let label = rollout.label
        let (event, text): (Event, String)
        switch announcement {
        case .approvalAsked(let order, let needed):
            let people = needed == 1 ? "1 person" : "\(needed) people"
            event = .approvalAsked
            text = "needs the approval of \(people) until \(order.approveBy): fleet approve \(label)"
        case .approved(let person, let have, let needed):
            (event, text) = (.approved, "approved by \(person), \(have) of \(needed)")
        case .approvalWithdrawn(let person, let reason):
            (event, text) = (.approvalWithdrawn, "\(person) takes the approval back: \(reason ?? "no reason given")")
        case .approvalLapsed: (event, text) = (.approvalLapsed, "was not done in time and must be approved anew")
        case .glassBroken(let person):
            (event, text) = (.breakGlass, "BREAK-GLASS by \(person): goes on without the approvals that are missing")
        case .closed(let closure): (event, text) = (.closed, "\(closure); what is under way is finished, then it holds")
        case .paused(let pause): (event, text) = (.paused, "paused: \(pause.message); \(pause.advice)")
        case .promotionAsked(let stage, let gate, let question):
            event = .promotionAsked
            text = "stage \(plan.stages[stage].name) waits at gate \(gate): \(question): fleet promote \(label)"
        case .promoted(let stage, _, let person, let reason):
            let why = reason.map { ": \($0)" } ?? ""
            (event, text) = (.promoted, "stage \(plan.stages[stage].name) was promoted by \(person)\(why)")
        case .phase, .hostStarted, .hostBusy, .hostFinished, .hostFailed, .hostRetried, .hostLost, .hostBack, .resumed,
            .wordRefused, .nothingToDo, .gateJudged, .opened, .awaited, .leftOut, .queued,
            .concurrentEnded:
            return nil
        }
        self.init(event, rollout, plan, at: time, text, nil)
    }

    /// The end.
    init(_ summary: RolloutSummary, of rollout: RolloutID, _ plan: Plan, at time: WallTime) {
        let next = summary.advice.map { "; next: \($0)" } ?? ""
        self.init(.ended, rollout, plan, at: time, "\(summary.headline)\(next)", summary.outcome)
    }

    private init(
        _ event: Event,
        _ rollout: RolloutID,
        _ plan: Plan,
        at time: WallTime,
        _ text: String,
        _ outcome: Outcome?
    ) {
        self.event = event
        self.rollout = rollout.label
        service = plan.service
        environment = plan.environment
        release = plan.target
        at = time.rfc3339
        self.text = "\(rollout.label) \(plan.service) \(plan.target) in \(plan.environment): \(text)"
        self.outcome = outcome
    }
}
