package import Model

/// A plan as people read it before they say yes.
package struct PlanText: Sendable {
    private let plan: Plan

    package init(_ plan: Plan) { self.plan = plan }

    package var lines: [String] {
        header + capacity + plan.stages.enumerated().map { stage($0.offset, $0.element) } + gates + skipped
            + rules
    }

    private var header: [String] {
        let from = plan.previous.map { " from \($0)" } ?? ""
        let verb =
            switch plan.kind {
            case .deploy: "Deploy \(plan.service) \(plan.target)\(from)"
            case .rollback: "Roll \(plan.service) back to \(plan.target)\(from)"
            case .restart: "Restart \(plan.service) \(plan.target)"
            case .remove: "Remove \(plan.service) \(plan.target)"
            }
        let hosts = plan.hosts.count == 1 ? "1 host" : "\(plan.hosts.count) hosts"
        return ["\(verb) in \(plan.environment) on \(hosts)"] + (plan.reason.map { ["  reason    \($0)"] } ?? [])
            + again + superseded + returned + proving + variables + times + concurrent
    }

    private var superseded: [String] {
        plan.supersedes.map {
            [
                "  supersedes \($0.label), which is aborted first: hosts in flight go back, finished ones stay until their turn"
            ]
        } ?? []
    }

    private var concurrent: [String] {
        (plan.concurrent ?? []).map { other in
            guard plan.isQueued else { return "  alongside \(other)" }
            return "  waits     for \(other)\(other.mustSucceed ? ", and must succeed" : "")"
        }
    }

    private var times: [String] {
        let hours = (plan.calendar?.hours ?? []).map(\.description).joined(separator: "; ")
        return (hours.isEmpty ? [] : ["  hours     \(hours)"])
            + (plan.calendar?.freezes ?? []).map { "  freeze    \($0)" }
            + (plan.whileClosed.map { ["  CLOSED    \($0); carried out all the same"] } ?? [])
            + (plan.schedule.map { ["  start     \($0)"] } ?? [])
    }

    private var again: [String] {
        plan.again.map { ["  again     \($0.label) took it back and quarantined its artifact here"] } ?? []
    }

    private var proving: [String] {
        (plan.proving?.proofs ?? []).map {
            "  proven    in \($0.environment) by \($0.rollout.label), which ended at \($0.since)"
                + ($0.wayBack.map { "; \($0.label) went the way back" } ?? "")
        } + (plan.proving?.lacking ?? []).map { "  UNPROVEN  \($0); carried out all the same" }
    }

    private var variables: [String] { (plan.variables ?? []).map { "  config    \($0)" } }

    private var returned: [String] {
        plan.returned.map { ["  returned  \($0.map(\.text).joined(separator: ", "))"] } ?? []
    }

    private var capacity: [String] {
        let numbers = plan.capacity
        let heaviest = plan.hosts.map(\.weight).max() ?? 0
        let available = plan.hosts.reduce(0) { $0 + $1.weight }
        let spare = "\(available) - \(heaviest) = \(available - heaviest) >= \(numbers.floor)"
        if plan.kind == .remove { return ["  capacity  nothing of it stays in service; \(numbers.window) at a time"] }
        let note = numbers.floor == 0 ? "; nothing stays in service for certain" : ""
        let places = numbers.places.filter { $0.floor > 0 || $0.window != nil }.map { rule in
            let window = rule.window.map { ", window \($0)" } ?? ""
            return "  \(rule.place)    floor \(rule.floor) of \(rule.total)\(window)"
        }
        return ["  capacity  floor \(numbers.floor) of \(numbers.total), window \(numbers.window) (\(spare)\(note))"]
            + places
    }

    private func stage(_ index: Int, _ stage: PlannedStage) -> String {
        let shown = stage.hosts.prefix(8).map { plan.hosts[$0].id.text }.joined(separator: ", ")
        let more = stage.hosts.count > 8 ? " and \(stage.hosts.count - 8) more" : ""
        let bake = stage.bake > .zero ? ", then bakes \(stage.bake)" : ""
        let width =
            stage.places.map { $0.map { "\($0.window) at a time in \($0.place)" }.joined(separator: ", ") }
            ?? "\(min(stage.window, stage.hosts.count)) at a time"
        let floor = stage.floor.map { ", floor \($0) of \(plan.capacity.total)" } ?? ""
        let gates = stage.gates.map { ", then must pass \($0.map(\.text).joined(separator: ", "))" } ?? ""
        return "  stage \(index + 1)   \(stage.name): \(shown)\(more); \(width)\(floor)\(bake)\(gates)"
    }

    private var gates: [String] {
        (plan.gates ?? []).map { gate in
            guard !gate.isForPeople else { return "  gate      \(gate.name): \(gate.demand)" }
            let failing = gate.failureLimit == 0 ? "" : " more than \(gate.failureLimit) times in a row"
            return
                "  gate      \(gate.name): \(gate.demand); fails\(failing): \(Self.words(gate.onFail)); inconclusive "
                + "\(gate.retries + 1) times in a row, every \(gate.interval): \(Self.words(gate.onInconclusive))"
        }
    }

    private static func words(_ policy: FailurePolicy) -> String {
        switch policy {
        case .rollback: "take everything back"
        case .pause: "pause"
        }
    }

    private var skipped: [String] { plan.skipped.map { "  skipped   \($0.id): \($0.reason)" } }

    private var adoption: [String] {
        switch plan.adoption {
        case .refuse: []
        case .adopt:
            ["  adopt     a unit of \(plan.service) that Fleet did not install; it is saved, and put back on revert"]
        }
    }

    private var traffic: [String] {
        guard let traffic = plan.traffic else { return [] }
        let names = traffic.loadBalancers.map { "\($0.backend)/\($0.server) at \($0.address)" }
        let then =
            switch traffic.onSessionsLeft {
            case .cut: "then they are cut"
            case .fail: "else the host fails"
            }
        return [
            "  traffic   out of \(names.joined(separator: ", ")) before a host changes, back after its checks; sessions have "
                + "\(traffic.drainWithin) to end, \(then)"
        ]
    }

    private var offline: [String] {
        switch plan.offline {
        case .pause?, nil: []
        case .fail?: ["  offline   any host that can't be reached at the start ends it, with nothing changed"]
        case .wait(let span)?: ["  offline   hosts that can't be reached at the start are waited for, \(span)"]
        case .skip(let most)?: ["  offline   at most \(most) that can't be reached at the start are left out"]
        }
    }

    private var migration: [String] {
        guard let planned = plan.migration else { return [] }
        let words = planned.migration.command.joined(separator: " ")
        let place = plan.hosts[planned.host].id
        let line = "  migration \(words) on \(place), within \(planned.migration.timeout), before any host is switched"
        guard !planned.migration.isReversible else { return [line] }
        return [
            line,
            "            IT CAN'T BE TAKEN BACK: so failures pause, and a host that hears no commit keeps the release",
        ]
    }

    private var drift: [String] {
        switch plan.drift {
        case .repair?:
            let others = plan.kind == .restart ? "; all others are left alone" : ""
            return ["  drift     hosts that are not as released get back exactly what was\(others)"]
        case .refuse?, nil: return []
        }
    }

    private var uncommitted: [String] {
        switch plan.onCommitMissing {
        case .keep?:
            [
                "  commit    a host that hears none within \(plan.limits.commitWithin) keeps \(plan.target) if it is "
                    + "healthy, uncommitted; else it reverts"
            ]
        case .revert?, nil: []
        }
    }

    private var rules: [String] {
        let budget = plan.limits.failureBudget
        let failed = budget == 0 ? "the first host that fails" : "more than \(budget) failed hosts"
        let reaction = Self.words(plan.onFailure)
        let within = plan.limits.approveWithin.map { ", within \($0) of being asked" } ?? ""
        let people = plan.approvals == 1 ? "1 person" : "\(plan.approvals) people"
        var approvals = plan.approvals > 0 ? ["  approvals \(people)\(within)"] : []
        if let standing = plan.catchUp {
            approvals = ["  approvals those of \(standing.rollout.label), whose order is caught up with"]
        }
        return adoption + offline + migration + ["  failure   \(failed): \(reaction)"] + uncommitted + traffic + drift
            + approvals
    }

    package var text: String { lines.joined(separator: "\n") + "\n" }
}
