import Model

extension Planner {
    /// The text of every gate that `stages` name, in the environment's order; nil for none.
    func gates(of stages: [PlannedStage]) throws(PlanRefusal) -> [Gate]? {
        let known = request.environment.gates
        for (index, stage) in stages.enumerated() {
            for name in stage.gates ?? [] {
                guard let gate = known.first(where: { $0.name == name }) else { throw unknown(name) }
                try check(gate, of: stage, isLast: index == stages.count - 1)
            }
        }
        let names = stages.flatMap { $0.gates ?? [] }
        return names.isEmpty ? nil : known.filter { names.contains($0.name) }
    }

    private func unknown(_ name: GateName) -> PlanRefusal {
        let found = "a stage names the gate \(name), which \(request.environment.name) does not have"
        return PlanRefusal(code: .unknownGate, found: found, advice: "correct the name, or describe it under 'gates'")
    }

    /// A gate that could only be inconclusive, or would judge the release before, is no gate.
    private func check(_ gate: Gate, of stage: PlannedStage, isLast: Bool) throws(PlanRefusal) {
        if isLast, gate.comparesHosts {
            throw PlanRefusal(
                code: .nothingToCompare,
                found:
                    "gate \(gate.name) compares changed hosts with unchanged ones, and after stage \(stage.name) no host "
                    + "is left unchanged",
                advice:
                    "take it from that stage: a ramp may end before 100%, and a stage 'rest: true' without it follow; "
                    + "what judges the last stage has a bound of its own"
            )
        }
        if case .service(let other) = gate.question, other.resolved == nil {
            throw PlanRefusal(
                code: .unknownGate,
                found: "gate \(gate.name) asks about \(other.service), and nobody has looked up what",
                advice: "make the plan from fleet.yml"
            )
        }
        if let span = gate.looksBack, span > stage.bake {
            throw PlanRefusal(
                code: .shortBake,
                found: "gate \(gate.name) looks at \(span), and stage \(stage.name) bakes \(stage.bake): it would see "
                    + "what ran before",
                advice: "write 'bake: \(span)' or more in that stage, or a shorter 'over' in the gate"
            )
        }
    }
}
