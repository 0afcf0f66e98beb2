import Model

extension Planner {
    /// Divides the hosts of the plan: each is in exactly one stage, what no stage selects comes last.
    ///
    /// Indices are those of the plan's hosts.
    func stages(_ capacity: PlannedCapacity) throws(PlanRefusal) -> [PlannedStage] {
        let everyone = Array(members.indices)
        guard request.kind == .deploy else {
            return [PlannedStage(name: "all", hosts: everyone, window: capacity.window, bake: .zero)]
        }
        var rest = everyone
        var stages: [PlannedStage] = []
        for (number, policy) in policies.enumerated() {
            let parts = parts(policy, of: rest, isFirst: stages.isEmpty)
            guard !parts.isEmpty else {
                if isEmptiedBySkips(policy) || request.environment.stages.isEmpty {
                    if isProving, case .canaries(let names) = policy.selection { throw leftOut(names, of: number) }
                    continue
                }
                let found = "stage \(number + 1) (\(name(policy))) selects no host that an earlier stage does not have"
                throw PlanRefusal(code: .emptyStage, found: found, advice: "correct its selection, or remove the stage")
            }
            for part in parts { stages.append(try stage(part, policy, capacity, after: stages.count)) }
            let taken = Set(parts.flatMap(\.hosts))
            rest.removeAll { taken.contains($0) }
        }
        guard !rest.isEmpty else { return stages }
        let last = StagePolicy(selection: .rest)
        return stages + [try stage(Part(name: name(last), hosts: rest), last, capacity, after: stages.count)]
    }

    /// Hosts that make one stage.
    private struct Part {
        let name: String
        let hosts: [Int]
        /// Regions that go at once.
        var regions: [RegionName]?
    }

    private func stage(
        _ part: Part,
        _ policy: StagePolicy,
        _ capacity: PlannedCapacity,
        after before: Int
    ) throws(PlanRefusal) -> PlannedStage {
        let indices = part.hosts.map { members[$0] }
        let gates = isProving && !policy.gates.isEmpty ? policy.gates : nil
        func width(_ indices: [Int]) -> Int {
            policy.window.map { self.window($0, of: weight(of: indices), members: indices) } ?? capacity.window
        }
        let places = part.regions?.map { region in
            let inRegion = indices.filter { request.environment.hosts[$0].region == region }
            return PlannedStage.PlaceWindow(place: .region(region), window: width(inRegion))
        }
        return PlannedStage(
            name: part.name,
            hosts: part.hosts,
            window: places?.reduce(0) { $0 + $1.window } ?? width(indices),
            floor: isProving ? try floor(policy, part.name, leaving: indices, above: capacity) : nil,
            bake: policy.bake ?? request.environment.bake?.span(after: before) ?? .zero,
            gates: gates,
            standIns: standIns(policy),
            places: places
        )
    }

    /// Who may be a canary in the place of another: those of its label, nobody for one that was named; nil means anybody.
    private func standIns(_ policy: StagePolicy) -> [Int]? {
        if case .canaries = policy.selection { return [] }
        return policy.label.map { _ in members.indices.filter { isLabelled($0, policy) } }
    }

    /// Without the canaries that somebody has named, nothing would prove the release to the others.
    private func leftOut(_ canaries: [HostID], of stage: Int) -> PlanRefusal {
        let names = canaries.map(\.text).joined(separator: ", ")
        let found = "stage \(stage + 1) (canary) is \(names), left out: nothing would prove the release to the others"
        return PlanRefusal(code: .emptyStage, found: found, advice: "name another canary in fleet.yml, or leave it in")
    }

    /// Whether stages have gates and floors of their own; to hosts that were away, others have proved the release.
    private var isProving: Bool { request.catchUp == nil && request.returned == nil }

    /// One canary, then the rest; a fleet of one host has no canary.
    private var policies: [StagePolicy] {
        guard request.environment.stages.isEmpty else { return request.environment.stages }
        let canary = StagePolicy(selection: .canary(.count(1)))
        return members.count > 1 ? [canary] : []
    }

    /// The stages that a policy makes of the hosts that no earlier one has, none of them empty.
    private func parts(_ policy: StagePolicy, of rest: [Int], isFirst: Bool) -> [Part] {
        let candidates = rest.filter { isLabelled($0, policy) }
        guard !candidates.isEmpty else { return [] }
        switch policy.selection {
        case .ramp(let steps): return ramp(steps, over: candidates, isFirst: isFirst)
        case .regions(.ascending): return regions(of: candidates)
        case .regions(.together): return together(Set(candidates.compactMap { host($0).region }).sorted(), candidates)
        case .together(let names): return together(names, candidates)
        case .canary, .canaries, .region, .zone, .hosts, .rest:
            let chosen = choose(policy.selection, from: candidates)
            return chosen.isEmpty ? [] : [Part(name: name(policy), hosts: chosen)]
        }
    }

    /// A stage for each step that adds hosts to those before it.
    ///
    /// The first of a plan is its canary.
    private func ramp(_ steps: [Quantity], over candidates: [Int], isFirst: Bool) -> [Part] {
        var parts: [Part] = []
        var taken = 0
        for step in steps {
            let goal = min(step.roundedUp(of: candidates.count), candidates.count)
            guard goal > taken else { continue }
            let name = isFirst && taken == 0 ? Self.canaryName : "ramp to \(step)"
            parts.append(Part(name: name, hosts: Array(candidates[taken..<goal])))
            taken = goal
        }
        return parts
    }

    /// The region with the least weight first, those of equal weight by name; hosts without a region are in none.
    private func regions(of candidates: [Int]) -> [Part] {
        let names = Set(candidates.compactMap { host($0).region })
        let regions = names.map { name in (name: name, hosts: candidates.filter { host($0).region == name }) }
        func weight(_ hosts: [Int]) -> Int { self.weight(of: hosts.map { members[$0] }) }
        return regions.sorted { (weight($0.hosts), $0.name) < (weight($1.hosts), $1.name) }
            .map { Part(name: "region \($0.name)", hosts: $0.hosts) }
    }

    /// One stage of regions that go at once; of those that are left.
    private func together(_ names: [RegionName], _ candidates: [Int]) -> [Part] {
        let hosts = candidates.filter { host($0).region.map(names.contains) ?? false }
        let regions = names.filter { name in hosts.contains { host($0).region == name } }
        let words = regions.map(\.text).joined(separator: ", ")
        return hosts.isEmpty ? [] : [Part(name: "regions \(words)", hosts: hosts, regions: regions)]
    }

    private func choose(_ selection: StagePolicy.Selection, from rest: [Int]) -> [Int] {
        switch selection {
        case .canary(let quantity): Array(rest.prefix(max(1, quantity.roundedUp(of: members.count))))
        case .region(let region): rest.filter { host($0).region == region }
        case .zone(let zone): rest.filter { host($0).zone == zone }
        case .canaries(let names), .hosts(let names): rest.filter { names.contains(host($0).id) }
        case .rest: rest
        case .ramp, .regions, .together: []
        }
    }

    private func isLabelled(_ index: Int, _ policy: StagePolicy) -> Bool {
        policy.label.map { host(index).labels?.contains($0) ?? false } ?? true
    }

    private func host(_ index: Int) -> Host { request.environment.hosts[members[index]] }

    private func isEmptiedBySkips(_ policy: StagePolicy) -> Bool {
        let names = Set(request.skips.map(\.id))
        return request.environment.hosts.contains { host in
            guard names.contains(host.id), policy.label.map({ host.labels?.contains($0) ?? false }) ?? true else {
                return false
            }
            return switch policy.selection {
            case .canary, .ramp, .rest: true
            case .regions: host.region != nil
            case .together(let names): host.region.map(names.contains) ?? false
            case .region(let region): host.region == region
            case .zone(let zone): host.zone == zone
            case .canaries(let hosts), .hosts(let hosts): hosts.contains(host.id)
            }
        }
    }

    private func name(_ policy: StagePolicy) -> String {
        let label = policy.label.map { "label \($0)" }
        switch policy.selection {
        case .canary, .canaries: return Self.canaryName
        case .ramp(let steps): return "ramp \(steps.map(\.description).joined(separator: ", "))"
        case .region(let region): return words("region \(region)", label)
        case .regions(let order): return words("regions \(order.rawValue)", label)
        case .together(let names): return words("regions \(names.map(\.text).joined(separator: ", "))", label)
        case .zone(let zone): return words("zone \(zone)", label)
        case .hosts(let hosts): return words("hosts \(hosts.map(\.text).joined(separator: ", "))", label)
        case .rest: return label ?? "rest"
        }
    }

    private func words(_ selection: String, _ label: String?) -> String {
        label.map { "\(selection), \($0)" } ?? selection
    }
}
