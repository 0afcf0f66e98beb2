import Model
import Rollout

/// What gates may be asked, and what they must have said.
extension RolloutOracle {
    /// No stage is left for the next one before each of its gates has passed, and counts as passed now.
    mutating func checkGates(_ next: RolloutPhase) {
        let left: Int
        switch phase {
        case .baking(let stage), .gating(let stage): left = stage
        case _: return
        }
        guard next == .confirming || next == .rolling(stage: left + 1) else { return }
        for name in plan.stages[left].gates ?? [] {
            guard phase == .gating(stage: left) else {
                violate(4, "stage \(left) is left without its gate \(name)")
                continue
            }
            switch gates.answer(to: name) {
            case .pass: break
            case .fail: violate(4, "stage \(left) is left although gate \(name) failed")
            case .inconclusive, nil: violate(16, "stage \(left) is left without a pass of gate \(name)")
            }
        }
    }

    /// Hosts are compared with such as are in service and do not run the release, and with all there are.
    mutating func checkComparison(_ question: GateQuestion) {
        guard let gate = plan.gate(question.gate), gate.comparesHosts else { return }
        for host in question.unchanged where !isUnchanged(host) {
            violate(23, "gate \(gate.name) takes h\(host) for one that is in service and unchanged")
        }
        if question.unchanged.isEmpty,
            let host = hosts.indices.first(where: { isUnchanged($0) && !hosts[$0].isSkipped })
        {
            violate(23, "gate \(gate.name) compares with nobody, and h\(host) is unchanged")
        }
    }

    private func isUnchanged(_ host: Int) -> Bool {
        let seen = hosts[host]
        guard let current = seen.facts?.current, current != plan.target else { return false }
        return seen.isInService
    }
}
