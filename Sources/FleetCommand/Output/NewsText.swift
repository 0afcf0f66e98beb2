import Coordinator
import Model
import Rollout

/// News of a rollout as single lines, for logs and pipes; nil for what such a reader need not know.
struct NewsText {
    private let plan: Plan

    init(_ plan: Plan) { self.plan = plan }

    func line(_ announcement: Announcement, at time: WallTime) -> String {
        // The time of day: `12:00:05Z`.
        "\(time.description.dropFirst(11)) \(text(announcement))"
    }

    private func text(_ announcement: Announcement) -> String {
        switch announcement {
        case .phase(let phase): text(phase)
        case .hostStarted(let host, let release): "\(name(host)) switches to \(release?.description ?? "nothing")"
        case .hostBusy(let host): "\(name(host)) is busy: waits for it to be idle"
        case .hostFinished(let host): "\(name(host)) is done"
        case .hostFailed(let host, let failure): "\(name(host)) failed: \(failure)"
        case .hostRetried(let host, let attempt): "\(name(host)) reverted, no commit came in time; attempt \(attempt)"
        case .hostLost(let host): "\(name(host)) is lost"
        case .hostBack(let host): "\(name(host)) is back"
        case .paused(let pause): "paused: \(pause.message); \(pause.advice)"
        case .resumed: "goes on"
        case .wordRefused(let why): "refused: \(why)"
        case .nothingToDo: "nothing to do"
        case .approvalAsked(let order, let needed):
            "needs the approval of \(needed == 1 ? "1 person" : "\(needed) people") until \(order.approveBy): `fleet approve`"
        case .approved(let person, let have, let needed): "approved by \(person): \(have) of \(needed)"
        case .glassBroken(let person): "BREAK-GLASS by \(person): goes on without the approvals that are missing"
        case .approvalWithdrawn(let person, let reason):
            "\(person) takes the approval back" + (reason.map { ": \($0)" } ?? "")
        case .approvalLapsed: "the order's time is over: it must be approved anew"
        case .gateJudged(let stage, let gate, let verdict):
            "gate \(gate) of stage \(name(ofStage: stage)) \(verdict.answer.words): \(verdict.evidence)"
        case .promotionAsked(let stage, let gate, let question):
            "stage \(name(ofStage: stage)) waits at gate \(gate) for `fleet promote`: \(question)"
        case .promoted(let stage, let gate, let person, let reason):
            "stage \(name(ofStage: stage)) promoted by \(person) at gate \(gate)" + (reason.map { ": \($0)" } ?? "")
        case .closed(let closure): "\(closure); what is under way is finished, nothing else begins before"
        case .opened: "open: goes on"
        case .queued(let others): others.waitText
        case .concurrentEnded(let other, let outcome):
            "\(other.rollout.label) of \(other.service) has ended: \(outcome.words)"
        case .awaited(let hosts): "\(names(hosts)) can't be reached: waits for \(pronoun(hosts))"
        case .leftOut(let hosts): "\(names(hosts)) can't be reached: goes on without \(pronoun(hosts))"
        }
    }

    private func text(_ phase: RolloutPhase) -> String {
        switch phase {
        case .rolling(let stage): return "rolling stage \(plan.stages[stage].name)"
        case .baking(let index):
            let stage = plan.stages[index]
            return stage.bake > .zero ? "stage \(stage.name) bakes \(stage.bake)" : "stage \(stage.name) is through"
        case .gating(let index): return "stage \(plan.stages[index].name) is at its gates"
        case .migrating:
            let place = plan.migration.map { " on \(name($0.host))" } ?? ""
            return "migrating\(place)"
        case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval, .preparing, .confirming,
            .rollingBack,
            .aborting, .releasing, .concluded:
            return phase.name
        }
    }

    private func name(ofStage stage: Int) -> String { plan.stages[stage].name }

    private func names(_ hosts: [Int]) -> String { hosts.map { name($0) }.joined(separator: ", ") }

    private func pronoun(_ hosts: [Int]) -> String { hosts.count == 1 ? "it" : "them" }

    private func name(_ host: Int) -> String { plan.hosts[host].id.text }
}
