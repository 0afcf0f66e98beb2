package import Model

/// The gates of a stage: asked once it has baked, all at once, and each again until all have passed at the same time.
extension RolloutMachine {
    /// Goes on behind a stage that has baked: to its gates, where it has any.
    mutating func enterGates(_ stage: Int) {
        let names = plan.stages[stage].gates ?? []
        guard !names.isEmpty else { return enterStage(stage + 1) }
        state.gates = (state.gates ?? []) + names.map { GateState(stage: stage, gate: $0) }
        enter(.gating(stage: stage))
        for name in names {
            guard case .person(let text)? = plan.gate(name)?.question else { continue }
            actions.append(.announce(.promotionAsked(stage: stage, gate: name, text)))
        }
    }

    /// Leaves the stage once every gate has passed, and its hosts are well.
    mutating func gated(_ stage: Int) -> Bool {
        guard state.pause == nil else { return false }
        for index in gates(of: stage) { ask(index) }
        guard sums.unwell == 0, isThrough, !isHeld(after: stage) else { return false }
        enterStage(stage + 1)
        return true
    }

    /// The gates of a stage that was reached, by their place in the state.
    func gates(of stage: Int) -> [Int] { (state.gates ?? []).indices.filter { gate($0).stage == stage } }

    func gate(_ index: Int) -> GateState {
        guard let gates = state.gates else { preconditionFailure("no gate was reached yet") }
        return gates[index]
    }

    private func text(_ index: Int) -> Gate {
        guard let gate = plan.gate(gate(index).gate) else { preconditionFailure("the plan lacks the text of a gate") }
        return gate
    }

    private mutating func ask(_ index: Int) {
        let found = gate(index)
        let gate = text(index)
        guard found.step == .due, !gate.isForPeople else { return }
        // After a restart nobody has reported yet, which is not that nobody is there to compare with.
        guard !gate.comparesHosts || sums.blind == 0 else { return }
        state.sequence += 1
        // Who judges keeps to the gate's own time; the silence limit is for the answer to travel.
        let span = gate.timeout + plan.limits.silence
        state.gates?[index].step = .asked(number: state.sequence, until: state.now + span)
        let hosts = state.hosts.indices.filter {
            isOnTarget(state.hosts[$0]) && state.hosts[$0].stage == found.stage
        }
        let question = GateQuestion(
            number: state.sequence,
            gate: found.gate,
            stage: found.stage,
            attempt: found.failures + found.inconclusive + 1,
            hosts: hosts,
            unchanged: gate.comparesHosts ? unchanged(beside: hosts) : []
        )
        actions.append(.judge(question))
        actions.append(.startTimer(.gate(index), span))
    }

    func isOnTarget(_ host: HostState) -> Bool { host.step == .done || host.step == .settled }

    /// The hosts that changed ones are compared with: those of the same regions where there are any, since traffic
    /// differs from region to region, else all.
    private func unchanged(beside hosts: [Int]) -> [Int] {
        let all = state.hosts.indices.filter { isUnchanged(state.hosts[$0]) }
        let regions = Set(hosts.compactMap { plan.hosts[$0].region })
        let near = all.filter { index in plan.hosts[index].region.map(regions.contains) ?? false }
        return near.isEmpty ? all : near
    }

    /// Whatever became of it in this rollout: a host in flight, or of which nothing is known, is not in service.
    private func isUnchanged(_ host: HostState) -> Bool {
        guard host.isInService, let current = host.facts.current else { return false }
        return current != plan.target
    }

    // MARK: Answers

    /// Takes the answer to an open question; any other is late or repeated.
    mutating func judged(_ number: Int64, _ verdict: GateVerdict) {
        guard case .gating(let stage) = state.phase else { return }
        for index in gates(of: stage) {
            guard case .asked(number, _) = gate(index).step else { continue }
            actions.append(.cancelTimer(.gate(index)))
            take(verdict, index)
        }
    }

    /// A gate's time is over: for its answer, or until it is asked again.
    mutating func fireGate(_ index: Int) {
        guard let gates = state.gates, gates.indices.contains(index), let until = gates[index].step.until,
            until <= state.now
        else { return }
        switch gates[index].step {
        case .asked: take(GateVerdict(.inconclusive, "gave no answer within \(text(index).timeout)"), index)
        case .waiting, .passed: state.gates?[index].step = .due
        case .due: break
        }
    }

    private mutating func take(_ verdict: GateVerdict, _ index: Int) {
        let gate = text(index)
        var found = self.gate(index)
        // One that goes on passing while another gate is waited for is no news.
        let isNews = verdict.answer != .pass || found.verdict?.answer != .pass
        found.verdict = verdict
        var verdictOn: FailurePolicy?
        switch verdict.answer {
        case .pass:
            found.forget()
            found.step = .passed(until: state.now + gate.interval)
        case .fail:
            found.failures += 1
            found.step = .waiting(until: state.now + gate.interval)
            if found.failures > gate.failureLimit { verdictOn = gate.onFail }
        case .inconclusive:
            found.inconclusive += 1
            found.step = .waiting(until: state.now + gate.interval)
            if found.inconclusive > gate.retries { verdictOn = gate.onInconclusive }
        }
        if isNews { actions.append(.announce(.gateJudged(stage: found.stage, gate: found.gate, verdict))) }
        if verdictOn == nil { actions.append(.startTimer(.gate(index), gate.interval)) } else { found.forget() }
        state.gates?[index] = found
        if let verdictOn { conclude(index, verdict, verdictOn) }
    }

    /// The gate has had its last attempt.
    private mutating func conclude(_ index: Int, _ verdict: GateVerdict, _ policy: FailurePolicy) {
        let found = gate(index)
        let stage = plan.stages[found.stage].name
        let what = verdict.answer == .fail ? "failed" : "was inconclusive"
        let text = "gate \(found.gate) of stage \(stage) \(what): \(verdict.evidence)"
        switch policy {
        case .rollback: goBack(text, because: .gate)
        case .pause:
            let advice = "`fleet resume` asks it again; `fleet abort --rollback` takes everything back"
            pause(Pause(.gate, text, advice: advice))
        }
    }

    // MARK: People

    /// The stage in which people are waited for, and what they are asked.
    package var awaitedPromotion: (stage: Int, gates: [GateName])? {
        guard case .gating(let stage) = state.phase else { return nil }
        let waiting = gates(of: stage).filter { gate($0).step == .due && text($0).isForPeople }
        return waiting.isEmpty ? nil : (stage, waiting.map { gate($0).gate })
    }

    mutating func obeyPromotion(_ stage: Int, _ person: String, _ reason: String?) {
        guard let awaited = awaitedPromotion else {
            return refuse("\(id.label) waits for no promotion now; `fleet why \(id.label)` shows where it stands")
        }
        guard awaited.stage == stage else {
            let found = plan.stages[awaited.stage].name
            return refuse("that was said to another stage; \(id.label) waits in stage \(found): look, and say it again")
        }
        let text = "promoted by \(person)" + (reason.map { ": \($0)" } ?? "")
        for index in gates(of: stage) where gate(index).step == .due && self.text(index).isForPeople {
            state.gates?[index].step = .passed(until: nil)
            state.gates?[index].verdict = GateVerdict(.pass, text)
            actions.append(.announce(.promoted(stage: stage, gate: gate(index).gate, by: person, reason: reason)))
        }
    }

    // MARK: Standing still

    /// Takes back what nobody waits for any more; what was asked before a pause is asked anew after it.
    mutating func tendGates() {
        guard let gates = state.gates else { return }
        for index in gates.indices where gates[index].step.until != nil {
            let isOpen = state.phase == .gating(stage: gates[index].stage)
            guard !isOpen || state.pause != nil else { continue }
            actions.append(.cancelTimer(.gate(index)))
            if !isOpen, gates[index].step.isPassed {
                state.gates?[index].step = .passed(until: nil)
            } else {
                state.gates?[index].forget()
            }
        }
    }

    /// Whoever was asked before a restart answers nobody.
    mutating func recallGates() {
        for index in (state.gates ?? []).indices {
            guard case .asked = gate(index).step else { continue }
            state.gates?[index].step = .due
        }
    }

    // MARK: View

    /// The gates that were reached; nil where the plan has none.
    var gateResults: [GateResult]? {
        guard plan.gates != nil else { return nil }
        return (state.gates ?? []).map {
            GateResult(gate: $0.gate, stage: plan.stages[$0.stage].name, verdict: $0.verdict)
        }
    }

    var whyGating: String {
        guard case .gating(let stage) = state.phase else { return "" }
        guard sums.unwell == 0 else {
            return "gates stand still: \(sums.unwell) changed hosts are not known to be well"
        }
        if isThrough, isHeld(after: stage), let whyHeld { return whyHeld }
        return gates(of: stage).filter { !gate($0).step.isPassed }.map(whyGating).joined(separator: "; ")
    }

    private func whyGating(_ index: Int) -> String {
        let gate = text(index)
        let found = self.gate(index)
        if case .person(let text) = gate.question {
            return "gate \(gate.name) waits for `fleet promote \(id.label)`: \(text)"
        }
        let last = found.verdict.map { "; last \($0.answer.words): \($0.evidence)" } ?? ""
        let doing =
            switch found.step {
            case .due where gate.comparesHosts && sums.blind > 0: "waits for the first word of \(sums.blind) hosts"
            case .asked: "is asked"
            case .due, .waiting: "is asked again every \(gate.interval)"
            case .passed: "has passed"
            }
        return "gate \(gate.name) \(doing) (\(gate.demand))\(last)"
    }
}
