import Model

extension Planner {
    /// Divides the hosts of the plan: each is in exactly one stage, what no stage selects comes last.
    ///
    /// Indices are those of the plan's hosts.
    func stages(window: Int) throws(PlanRefusal) -> [PlannedStage] {
        let everyone = Array(members.indices)
        guard request.kind == .deploy else {
            return [PlannedStage(name: "all", hosts: everyone, window: window, bake: .zero)]
        }
        var rest = everyone
        var stages: [PlannedStage] = []
        for (number, policy) in policies.enumerated() {
            let chosen = choose(policy.selection, from: rest)
            let name = name(policy.selection)
            guard !chosen.isEmpty else {
                if isEmptiedBySkips(policy.selection) || request.environment.stages.isEmpty { continue }
                let found = "stage \(number + 1) (\(name)) selects no host that an earlier stage does not have"
                throw PlanRefusal(code: .emptyStage, found: found, advice: "correct its selection, or remove the stage")
            }
            let indices = chosen.map { members[$0] }
            let width = policy.window.map { self.window($0, of: weight(of: indices), members: indices) } ?? window
            let gates = areGated && !policy.gates.isEmpty ? policy.gates : nil
            stages.append(
                PlannedStage(name: name, hosts: chosen, window: width, bake: policy.bake, gates: gates)
            )
            rest.removeAll { chosen.contains($0) }
        }
        if !rest.isEmpty { stages.append(PlannedStage(name: "rest", hosts: rest, window: window, bake: .zero)) }
        return stages
    }

    /// Whether stages have their gates; of hosts that were away, others have proved the release.
    private var areGated: Bool { request.catchUp == nil && request.returned == nil }

    /// The text of every gate that `stages` name, in the environment's order; nil for none.
    func gates(of stages: [PlannedStage]) throws(PlanRefusal) -> [Gate]? {
        let names = stages.flatMap { $0.gates ?? [] }
        for name in names where !request.environment.gates.contains(where: { $0.name == name }) {
            let found = "a stage names the gate \(name), which \(request.environment.name) does not have"
            throw PlanRefusal(
                code: .unknownGate,
                found: found,
                advice: "correct the name, or describe it under 'gates'"
            )
        }
        return names.isEmpty ? nil : request.environment.gates.filter { names.contains($0.name) }
    }

    /// One canary, then the rest; a fleet of one host has no canary.
    private var policies: [StagePolicy] {
        guard request.environment.stages.isEmpty else { return request.environment.stages }
        let canary = StagePolicy(selection: .canary(.count(1)))
        return members.count > 1 ? [canary] : []
    }

    private func choose(_ selection: StagePolicy.Selection, from rest: [Int]) -> [Int] {
        switch selection {
        case .canary(let quantity): Array(rest.prefix(max(1, quantity.roundedUp(of: members.count))))
        case .region(let region): rest.filter { host($0).region == region }
        case .zone(let zone): rest.filter { host($0).zone == zone }
        case .hosts(let names): rest.filter { names.contains(host($0).id) }
        case .rest: rest
        }
    }

    private func host(_ index: Int) -> Host { request.environment.hosts[members[index]] }

    private func isEmptiedBySkips(_ selection: StagePolicy.Selection) -> Bool {
        let names = Set(request.skips.map(\.id))
        return request.environment.hosts.contains { host in
            guard names.contains(host.id) else { return false }
            return switch selection {
            case .canary, .rest: true
            case .region(let region): host.region == region
            case .zone(let zone): host.zone == zone
            case .hosts(let hosts): hosts.contains(host.id)
            }
        }
    }

    private func name(_ selection: StagePolicy.Selection) -> String {
        switch selection {
        case .canary: Self.canaryName
        case .region(let region): "region \(region)"
        case .zone(let zone): "zone \(zone)"
        case .hosts(let hosts): "hosts \(hosts.map(\.text).joined(separator: ", "))"
        case .rest: "rest"
        }
    }
}
