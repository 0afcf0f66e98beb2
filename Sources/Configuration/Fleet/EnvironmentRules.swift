internal import Model

/// What can be judged only when an environment's hosts are known, with the places to blame.
struct EnvironmentRules: Hashable, Sendable {
    let file: String
    /// The place of `hosts`, `inventory` or the environment itself.
    let hosts: Mark
    /// The place of each host, where they stand in the file.
    var eachHost: [Mark] = []
    var floor: Mark?
    /// Where the rule of each region and zone stands.
    var places: [Place: Mark] = [:]
    var stages: [Mark] = []
    /// Where the floor of each stage stands, or the stage.
    var floors: [Mark] = []
    /// Whether the file has stages that could not be read, which may name any gate.
    var hasUnreadStages = false
    /// Where each gate stands.
    var gates: [GateName: Mark] = [:]
    /// Where each environment stands that the artifact must be proven in.
    var proven: [Mark] = []
    /// Where each service stands that comes first.
    var after: [Mark] = []

    /// Notes every rule that `environment` breaks.
    func check(_ environment: Environment, _ findings: Findings) {
        checkHosts(environment.hosts, findings)
        guard !environment.hosts.isEmpty else { return }
        checkFloor(environment, findings)
        for rule in environment.capacity.places { checkPlace(rule, environment.hosts, findings) }
        for (index, stage) in environment.stages.enumerated() {
            checkStage(stage, environment.hosts, at: stages[index], findings)
        }
    }

    private func checkHosts(_ hosts: [Host], _ findings: Findings) {
        var names: Set<HostID> = []
        var addresses: [HostPort: HostID] = [:]
        for (index, host) in hosts.enumerated() {
            let mark = eachHost.indices.contains(index) ? eachHost[index] : self.hosts
            guard names.insert(host.id).inserted else {
                findings.add(.contradiction, at: mark, "host '\(host.id)' stands twice in this environment")
                continue
            }
            let address = HostPort(host: host.address, port: host.port)
            if let other = addresses.updateValue(host.id, forKey: address) {
                let advice = "hosts '\(other)' and '\(host.id)' have the same address \(address): each is one server"
                findings.add(.contradiction, at: mark, advice)
            }
        }
    }

    private func checkFloor(_ environment: Environment, _ findings: Findings) {
        guard let floor = environment.capacity.floor else { return }
        check(floor, of: "the environment", environment.hosts, at: self.floor ?? hosts, findings)
    }

    /// A stage can only keep more than the environment.
    ///
    /// Like is compared with like, because an inventory may have any number of hosts; whether the hosts of the stage could
    /// leave shows when it is planned.
    func checkFloors(_ environment: Environment, _ findings: Findings) {
        for (stage, mark) in zip(environment.stages, floors) {
            let isLower =
                switch (stage.floor, environment.capacity.floor) {
                case (.percent(let share)?, .percent(let least)?): share < least
                case (.count(let count)?, .count(let least)?): count < least
                case (.percent, .count), (.count, .percent), (nil, _), (_, nil): false
                }
            guard isLower, let floor = stage.floor, let least = environment.capacity.floor else { continue }
            let advice = """
                floor: \(floor) is below the \(least) that the environment always keeps; a stage can only keep more, so write \
                the lower floor under 'capacity', and the higher one in the other stages
                """
            findings.add(.contradiction, at: mark, advice)
        }
    }

    private func checkPlace(_ rule: CapacityPolicy.PlaceRule, _ hosts: [Host], _ findings: Findings) {
        let mark = places[rule.place] ?? self.hosts
        let members = hosts.filter { rule.place.holds(region: $0.region, zone: $0.zone) }
        guard !members.isEmpty else { return missing(rule.place, hosts, at: mark, findings) }
        if let floor = rule.floor { check(floor, of: "\(rule.place)", members, at: mark, findings) }
    }

    /// A host may leave only if the floor remains without it, so the heaviest must fit above the floor.
    private func check(_ floor: Quantity, of whole: String, _ hosts: [Host], at mark: Mark, _ findings: Findings) {
        let total = hosts.reduce(0) { $0 + $1.weight }
        let needed = floor.roundedUp(of: total)
        guard let heaviest = hosts.max(by: { $0.weight < $1.weight }), total - needed < heaviest.weight else { return }
        let best = total - heaviest.weight
        let share = floor.description == "\(needed)" ? "" : " is \(needed) of \(total)"
        let advice = """
            floor: \(floor)\(share) for \(whole), which has weight \(total): host '\(heaviest.id)' of weight \
            \(heaviest.weight) could never leave; the nearest floor that works is \(best)
            """
        findings.add(.contradiction, at: mark, advice)
    }

    /// Each stage names gates that there are.
    func checkGateNames(_ environment: Environment, _ findings: Findings) {
        let known = Set(gates.keys.map(\.text))
        for (index, stage) in environment.stages.enumerated() {
            for name in stage.gates where !known.contains(name.text) {
                let advice = "gates: no gate of this environment is called '\(name)'"
                findings.add(
                    .contradiction,
                    at: stages[index],
                    advice + Suggestion.clause(for: name.text, among: known)
                )
            }
        }
    }

    /// After the rest no host is left that a gate could compare with; the planner refuses what shows only there.
    func checkComparisons(_ environment: Environment, _ findings: Findings) {
        let comparing = Set(environment.gates.filter(\.comparesHosts).map(\.name))
        for (index, stage) in environment.stages.enumerated() where stage.selection == .rest && stage.label == nil {
            for name in stage.gates where comparing.contains(name) {
                let advice =
                    "gates: '\(name)' compares with unchanged hosts, and 'rest' leaves none; name it in earlier stages"
                findings.add(.contradiction, at: stages[index], advice)
            }
        }
    }

    private func checkStage(_ stage: StagePolicy, _ hosts: [Host], at mark: Mark, _ findings: Findings) {
        if let label = stage.label, !hosts.contains(where: { $0.labels?.contains(label) ?? false }) {
            let labels = hosts.flatMap { $0.labels ?? [] }.map(\.text)
            let suggestion = Suggestion.clause(for: label.text, among: labels)
            findings.add(.contradiction, at: mark, "no host of this environment has the label '\(label)'\(suggestion)")
        }
        switch stage.selection {
        case .canary(.count(let count)) where count > hosts.count:
            let advice = "canary: \(count) hosts are more than the \(hosts.count) of the environment"
            findings.add(.contradiction, at: mark, advice)
        case .region(let region) where !hosts.contains { $0.region == region }:
            missing(.region(region), hosts, at: mark, findings)
        case .zone(let zone) where !hosts.contains { $0.zone == zone }:
            missing(.zone(zone), hosts, at: mark, findings)
        case .canaries(let names), .hosts(let names):
            let known = Set(hosts.map(\.id))
            for name in names where !known.contains(name) {
                missing("host", name.text, among: hosts.map(\.id.text), at: mark, findings)
            }
        case .together(let names):
            for name in names where !hosts.contains(where: { $0.region == name }) {
                missing(.region(name), hosts, at: mark, findings)
            }
        case .regions where hosts.allSatisfy { $0.region == nil }:
            findings.add(.contradiction, at: mark, "regions: no host of this environment has a region")
        case .canary, .ramp, .region, .regions, .zone, .rest:
            break
        }
    }

    private func missing(_ place: Place, _ hosts: [Host], at mark: Mark, _ findings: Findings) {
        switch place {
        case .region(let name):
            missing("region", name.text, among: hosts.compactMap(\.region?.text), at: mark, findings)
        case .zone(let name): missing("zone", name.text, among: hosts.compactMap(\.zone?.text), at: mark, findings)
        }
    }

    private func missing(_ noun: String, _ name: String, among names: [String], at mark: Mark, _ findings: Findings) {
        let advice = "no host of this environment is \(noun == "host" ? "called" : "in \(noun)") '\(name)'"
        findings.add(.contradiction, at: mark, advice + Suggestion.clause(for: name, among: names))
    }
}
