import Model

/// The first hosts that get a release: without one that runs it, nobody else does.
extension RolloutMachine {
    /// A host that joins while the last stage bakes is in none.
    func isCanary(_ stage: Int) -> Bool {
        plan.stages.indices.contains(stage) && plan.stages[stage].name == Planner.canaryName
    }

    /// A canary proves something only if it is in service: one that is not changes places with a later host that is.
    mutating func chooseCanaries(_ stage: Int) {
        var others = standIns(stage).filter { state.hosts[$0].isInService }[...]
        for host in plan.stages[stage].hosts {
            guard state.hosts[host].step != .skipped,
                !state.hosts[host].isInService || state.hosts[host].step != .ready,
                state.hosts[host].step != .settled, let other = others.popFirst()
            else { continue }
            let later = state.hosts[other].stage
            update(host) { $0.stage = later }
            update(other) { $0.stage = stage }
        }
    }

    /// Later hosts that are ready and may be a canary of this stage.
    private func standIns(_ stage: Int) -> [Int] {
        let allowed = plan.stages[stage].standIns.map(Set.init)
        return state.hosts.indices.filter {
            (allowed?.contains($0) ?? true) && state.hosts[$0].stage > stage && state.hosts[$0].step == .ready
        }
    }

    /// Whether others would get a release that no canary runs, because those are away or could not prepare.
    func lacksCanary(_ stage: Int) -> Bool {
        guard isCanary(stage), !isForReturned else { return false }
        let isProved = state.hosts.contains { $0.stage == stage && isOnTarget($0) }
        return !isProved && state.hosts.contains(where: \.mayCome)
    }

    /// Lets a later host be the canary; one in service if there is any.
    mutating func callStandIn(_ stage: Int) -> Bool {
        let ready = standIns(stage).filter { !state.hosts[$0].isUnreachable }
        guard let host = ready.first(where: { state.hosts[$0].isInService }) ?? ready.first else { return false }
        update(host) { $0.stage = stage }
        return true
    }

    /// Whether a person wants it without any canary.
    func areCanariesLeftOut(_ stage: Int) -> Bool {
        state.hosts.allSatisfy { $0.stage != stage || $0.step == .skipped }
    }

    /// Waits for canaries that are about to come, else for a person.
    mutating func seekCanary(_ stage: Int) -> Bool {
        guard !isCanaryAwaited(stage) else { return false }
        pause(
            Pause(
                .noCanary,
                "no canary could be changed (\(canaryNames(stage))), so nothing has proved \(plan.target)",
                advice:
                    "bring a canary back, then `fleet resume`; `fleet resume --skip HOST --reason …` of all of them goes on "
                    + "without; `fleet abort` stops here"
            )
        )
        return false
    }

    func isCanaryAwaited(_ stage: Int) -> Bool {
        state.hosts.contains { $0.stage == stage && isExpected($0) }
    }

    func canaryNames(_ stage: Int) -> String { names(state.hosts.indices.filter { state.hosts[$0].stage == stage }) }
}
