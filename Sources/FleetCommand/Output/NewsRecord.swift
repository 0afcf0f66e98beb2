import Coordinator
import Model
import Rollout

/// One line of a rollout's JSON output.
struct NewsRecord: Encodable {
    enum Event: String, Encodable {
        case phase
        case capacity
        case hostStarted = "host_started"
        case hostFinished = "host_finished"
        case hostFailed = "host_failed"
        case hostRetried = "host_retried"
        case hostBusy = "host_busy"
        case hostLost = "host_lost"
        case hostBack = "host_back"
        case paused
        case resumed
        case refused
        case nothingToDo = "nothing_to_do"
        case approvalAsked = "approval_asked"
        case approved
        case glassBroken = "break_glass"
        case approvalWithdrawn = "approval_withdrawn"
        case approvalLapsed = "approval_lapsed"
        case gateJudged = "gate_judged"
        case promotionAsked = "promotion_asked"
        case promoted
        case closed
        case opened
        case hostsAwaited = "hosts_awaited"
        case hostsLeftOut = "hosts_left_out"
        case queued
        case concurrentEnded = "concurrent_ended"
        case ended
    }

    var rollout: String
    var event: Event
    /// RFC 3339, with milliseconds.
    var at: String?
    var host: HostID?
    var hosts: [HostID]?
    var release: ReleaseID?
    var phase: String?
    var message: String?
    /// Who approved, or took it back.
    var person: String?
    /// What must be approved, by its SHA-256, and until when.
    var order: Digest?
    var until: String?
    /// Of a gate: where it stands, and what it has answered.
    var stage: String?
    var gate: GateName?
    var verdict: GateVerdict?
    var failure: Failure?
    var inService: Int?
    var floor: Int?
    var summary: RolloutSummary?

    init(_ rollout: RolloutID, _ event: Event, at: WallTime? = nil) {
        self.rollout = rollout.label
        self.event = event
        self.at = at?.rfc3339
    }

    init(_ announcement: Announcement, of rollout: RolloutID, _ plan: Plan, at time: WallTime) {
        self.init(rollout, Self.event(announcement), at: time)
        switch announcement {
        case .phase(let phase): self.phase = phase.name
        case .hostStarted(let host, let release):
            self.host = plan.hosts[host].id
            self.release = release
        case .hostFailed(let host, let failure):
            self.host = plan.hosts[host].id
            self.failure = failure
        case .hostBusy(let host), .hostFinished(let host), .hostRetried(let host, _), .hostLost(let host),
            .hostBack(let host):
            self.host = plan.hosts[host].id
        case .paused(let pause): message = "\(pause.message); \(pause.advice)"
        case .wordRefused(let why): message = why
        case .approvalAsked(let order, _):
            self.order = order.digest
            until = order.approveBy.rfc3339
        case .approved(let person, _, _), .glassBroken(let person): self.person = person
        case .approvalWithdrawn(let person, let reason):
            self.person = person
            message = reason
        case .gateJudged(let stage, let gate, let verdict):
            self.stage = plan.stages[stage].name
            self.gate = gate
            self.verdict = verdict
        case .promotionAsked(let stage, let gate, let question):
            self.stage = plan.stages[stage].name
            self.gate = gate
            message = question
        case .promoted(let stage, let gate, let person, let reason):
            self.stage = plan.stages[stage].name
            self.gate = gate
            self.person = person
            message = reason
        case .awaited(let hosts), .leftOut(let hosts): self.hosts = hosts.map { plan.hosts[$0].id }
        case .closed(let closure):
            message = closure.why
            until = closure.until?.rfc3339
        case .queued(let others): message = others.map(\.description).joined(separator: "; ")
        case .concurrentEnded(let other, let outcome): message = "\(other.rollout.label) \(outcome.words)"
        case .resumed, .nothingToDo, .approvalLapsed, .opened: break
        }
    }

    private static func event(_ announcement: Announcement) -> Event {
        switch announcement {
        case .phase: .phase
        case .hostStarted: .hostStarted
        case .hostFinished: .hostFinished
        case .hostFailed: .hostFailed
        case .hostBusy: .hostBusy
        case .hostRetried: .hostRetried
        case .hostLost: .hostLost
        case .hostBack: .hostBack
        case .paused: .paused
        case .resumed: .resumed
        case .wordRefused: .refused
        case .nothingToDo: .nothingToDo
        case .approvalAsked: .approvalAsked
        case .approved: .approved
        case .glassBroken: .glassBroken
        case .approvalWithdrawn: .approvalWithdrawn
        case .approvalLapsed: .approvalLapsed
        case .gateJudged: .gateJudged
        case .promotionAsked: .promotionAsked
        case .promoted: .promoted
        case .closed: .closed
        case .opened: .opened
        case .awaited: .hostsAwaited
        case .leftOut: .hostsLeftOut
        case .queued: .queued
        case .concurrentEnded: .concurrentEnded
        }
    }
}
