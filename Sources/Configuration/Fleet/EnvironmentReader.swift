internal import Model

/// Reads one environment of `fleet.yml`.
struct EnvironmentReader {
    let findings: Findings
    let service: ServiceName
    let name: EnvironmentName
    /// The gates of the service; one of the environment that has the same name counts instead.
    let shared: [Node.Entry]

    private static let spans = TimeSpan.seconds(1)...TimeSpan.hours(24)

    func read(_ node: Node) -> FleetEnvironment? {
        guard let reader = MappingReader<FleetKeys.Environment>(node, name.text, findings: findings) else { return nil }
        var environment = Environment(name: name, service: service, hosts: [])
        var rules = EnvironmentRules(file: findings.file, hosts: reader.mark)
        let inventory = hosts(reader, into: &environment, &rules)
        if let node = reader[.capacity] {
            CapacityReader.read(node, into: &environment.capacity, &rules, findings)
        }
        let nodes = reader.list(.stages, of: "stages") ?? []
        let stages = nodes.compactMap { StageReader.read($0, findings: findings) }
        environment.calendar = CalendarReader.read(reader)
        (environment.proven, rules.proven) = ProvenReader.read(reader)
        (environment.after, rules.after) = AfterReader.read(reader)
        environment.stages = stages.map(\.policy)
        rules.stages = stages.map(\.mark)
        rules.floors = stages.map(\.floor)
        rules.hasUnreadStages = stages.count < nodes.count
        StageReader.refuseAfterRest(stages, findings)
        environment.config = config(reader)
        environment.secrets = secrets(reader, config: environment.config)
        policies(reader, into: &environment)
        let own = GateReader.entries(reader, .gates)
        let gates = own + shared.filter { entry in !own.contains { $0.key == entry.key } }
        environment.gates = GateReader.read(gates, onFail: environment.onFailure, findings)
        for gate in gates { rules.gates[GateName(validated: gate.key)] = gate.mark }
        rules.checkGateNames(environment, findings)
        rules.checkComparisons(environment, findings)
        // A stage that could not be read was noted already, and is no reason to call anything else wrong.
        if !rules.hasUnreadStages { GateReader.checkUse(own, by: environment.stages, findings) }
        rules.checkFloors(environment, findings)
        environment.traffic = reader[.traffic].flatMap { TrafficReader.read($0, findings) }
        if inventory == nil { rules.check(environment, findings) }
        return FleetEnvironment(
            draft: environment,
            inventory: inventory,
            rules: rules,
            notify: reader[.notify].flatMap(notify) ?? NoticeTargets(),
            // What nobody has asked for is no machine's business to change, unless the file says so.
            onReturn: reader.choice(.onReturn, among: ReturnPolicy.allCases) ?? .hold
        )
    }

    private func policies(_ reader: MappingReader<FleetKeys.Environment>, into environment: inout Environment) {
        environment.debianScripts =
            reader.choice(.debianScripts, among: [.refuse, .ignore]) ?? environment.debianScripts
        environment.isControlled = reader.flag(.controlled) ?? environment.isControlled
        // What is controlled is approved by somebody, unless the file says a number.
        environment.approvals = reader.number(.approvals, in: 0...20) ?? (environment.isControlled ? 1 : 0)
        environment.approveWithin =
            reader.span(.approveWithin, in: .minutes(1)...Order.longestAsking) ?? environment.approveWithin
        environment.commitWithin = reader.span(.commitWithin, in: Self.spans) ?? environment.commitWithin
        environment.migrateOn = reader.value(.migrateOn, HostID.init(parsing:))
        environment.onCommitMissing =
            reader.choice(.onCommitMissing, among: CommitMissingPolicy.allCases) ?? environment.onCommitMissing
        environment.onFailure = reader.choice(.onFailure, among: FailurePolicy.allCases) ?? environment.onFailure
        environment.failureBudget = reader.number(.failureBudget, in: 0...1_000_000) ?? environment.failureBudget
        environment.progressDeadline = reader.span(.progressDeadline, in: Self.spans) ?? environment.progressDeadline
        environment.offline = reader[.offline].flatMap(offline)
        environment.bake = reader[.bake].flatMap(bake)
        environment.prepareTimeout = reader.span(.prepareTimeout, in: Self.spans) ?? environment.prepareTimeout
    }

    private func offline(_ node: Node) -> OfflinePolicy? {
        guard case .mapping = node.content else {
            switch findings.text(node, "offline") {
            case "pause": return .pause
            case "fail": return .fail
            case nil: return nil
            case _?:
                findings.add("offline", expected: "pause, fail, {wait: 30m} or {skip: 1}", found: node)
                return nil
            }
        }
        guard let reader = MappingReader<FleetKeys.Offline>(node, "offline", findings: findings) else { return nil }
        switch (reader[.wait], reader[.skip]) {
        case (_?, nil): return reader.span(.wait, in: Self.spans).map(OfflinePolicy.wait)
        case (nil, _?): return reader.number(.skip, in: 1...1_000_000).map(OfflinePolicy.skip)
        case (nil, nil), (_?, _?):
            findings.add(.contradiction, at: node.mark, "offline: say either {wait: 30m} or {skip: 1}")
            return nil
        }
    }

    private func bake(_ node: Node) -> FallingBake? {
        guard let reader = MappingReader<FleetKeys.Bake>(node, "bake", findings: findings) else { return nil }
        _ = reader.required(.first)
        let spans = TimeSpan.zero...TimeSpan.days(30)
        guard let first = reader.span(.first, in: spans) else { return nil }
        let least = reader.span(.least, in: spans) ?? .zero
        guard least <= first else {
            findings.add(
                .contradiction,
                at: reader.mark(of: .least),
                "bake: \(least) at least is more than \(first) at first"
            )
            return nil
        }
        return FallingBake(first: first, least: least)
    }

    private func notify(_ node: Node) -> NoticeTargets? {
        guard let reader = MappingReader<FleetKeys.Notify>(node, "notify", findings: findings) else { return nil }
        let words = (reader.list(.command, of: "words") ?? []).compactMap { findings.text($0, "command") }
        guard let text = reader.text(.webhook) else { return NoticeTargets(command: words) }
        guard let webhook = Webhook(text) else {
            let advice = "webhook: expected a URL that begins with https:// or http://"
            findings.add(.invalidValue, at: reader.mark(of: .webhook), advice)
            return nil
        }
        return NoticeTargets(webhook: webhook, command: words)
    }

    // MARK: Hosts

    /// Answers the inventory to ask; without one the hosts are in `environment`.
    private func hosts(
        _ reader: MappingReader<FleetKeys.Environment>,
        into environment: inout Environment,
        _ rules: inout EnvironmentRules
    ) -> InventoryRequest? {
        switch (reader[.hosts], reader[.inventory]) {
        case (nil, nil):
            findings.add(.missingKey, at: reader.mark, "key 'hosts' is missing; an 'inventory' can take its place")
        case (_?, let node?):
            findings.add(.contradiction, at: node.mark, "inventory: 'hosts' names them already; keep one of the two")
        case (let node?, nil):
            let nodes = findings.list(node, "hosts", of: "hosts") ?? []
            if case .sequence([]) = node.content {
                findings.add(.invalidValue, at: node.mark, "hosts: name at least one")
            }
            let hosts = nodes.compactMap { node in HostReader.read(node, findings: findings).map { ($0, node.mark) } }
            environment.hosts = hosts.map(\.0)
            rules = EnvironmentRules(file: findings.file, hosts: node.mark, eachHost: hosts.map(\.1))
        case (nil, let node?):
            rules = EnvironmentRules(file: findings.file, hosts: node.mark)
            return inventory(node)
        }
        return nil
    }

    private func inventory(_ node: Node) -> InventoryRequest? {
        guard case .mapping = node.content else {
            return findings.text(node, "inventory").map { InventoryRequest(path: $0, group: nil, mark: node.mark) }
        }
        guard let reader = MappingReader<FleetKeys.Inventory>(node, "inventory", findings: findings) else { return nil }
        _ = reader.required(.file)
        return reader.text(.file).map { InventoryRequest(path: $0, group: reader.text(.group), mark: node.mark) }
    }

    // MARK: Variables

    private func config(_ reader: MappingReader<FleetKeys.Environment>) -> [ConfigEntry] {
        let entries = reader.entries(.config, of: "variables and values, for example {LOG_LEVEL: info}") ?? []
        return entries.compactMap { entry in
            guard case .scalar(let value, _) = entry.value.content, !entry.value.isNothing else {
                findings.add(entry.key, expected: "one value, or \"\" for an empty one", found: entry.value)
                return nil
            }
            return variable(entry, value: value)
        }
    }

    private func secrets(_ reader: MappingReader<FleetKeys.Environment>, config: [ConfigEntry]) -> [SecretReference] {
        let entries = reader.entries(.secrets, of: "variables, for example {API_KEY: {credential: api-key}}") ?? []
        let taken = Set(config.map(\.key))
        return entries.compactMap { entry in
            guard variable(entry, value: "") != nil, isMapping(entry.value, of: entry.key),
                let inner = MappingReader<FleetKeys.Secret>(entry.value, entry.key, findings: findings),
                let node = inner.required(.credential),
                let credential = credential(node)
            else { return nil }
            if taken.contains(entry.key) {
                findings.add(
                    .contradiction,
                    at: entry.mark,
                    "'\(entry.key)' stands in 'config' too; keep one of the two"
                )
            }
            return SecretReference(variable: entry.key, credential: credential)
        }
    }

    /// Like the reader's own check, but what stands in the place of a credential's name may be the secret: it is not shown.
    private func isMapping(_ node: Node, of variable: String) -> Bool {
        if case .mapping = node.content { return true }
        let advice = "expected {credential: NAME}; the secret itself lies on the hosts, and is not shown here"
        findings.add(.invalidValue, at: node.mark, "\(variable): \(advice)")
        return false
    }

    private func credential(_ node: Node) -> String? {
        guard let text = findings.text(node, "credential") else { return nil }
        do throws(ModelError) {
            return try CredentialName.validate(text)
        } catch {
            findings.add(.invalidValue, at: node.mark, "credential: what stands here (not shown) \(error.advice)")
            return nil
        }
    }

    private func variable(_ entry: Node.Entry, value: String) -> ConfigEntry? {
        do throws(ModelError) {
            return try ConfigEntry(key: entry.key, value: value)
        } catch {
            findings.add(.invalidValue, at: entry.mark, "'\(error.found)' \(error.advice)")
            return nil
        }
    }
}
