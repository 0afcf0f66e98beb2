package import Model

/// One environment as written, which may still lack its hosts.
package struct FleetEnvironment: Hashable, Sendable {
    package var name: EnvironmentName { draft.name }

    /// Distinct people who must approve a rollout.
    package var approvals: Int { draft.approvals }

    /// What is part of every release, whichever hosts there are.
    package var config: [ConfigEntry] { draft.config }
    package var secrets: [SecretReference] { draft.secrets }
    package var debianScripts: DebianScripts { draft.debianScripts }

    /// Where an artifact must have proved itself before; nil means nowhere.
    package var proven: ProvenPolicy? { draft.proven }

    var stages: [StagePolicy] { draft.stages }
    var hasUnreadStages: Bool { rules.hasUnreadStages }

    /// What a stage may have to pass; with those of the service, which need not be named here.
    package var gates: [Gate] { draft.gates }

    /// Those that one of its stages names.
    var usedGates: [Gate] { draft.usedGates }

    /// Where a gate stands in the file, also one that could not be read; nil for none.
    func mark(of gate: GateName) -> Mark? { rules.gates[gate] }

    /// Where the file says so, for each environment of `proven`.
    var provenMarks: [Mark] { rules.proven }

    /// Services whose rollouts in the environment of the same name come first.
    package var after: [ServiceName] { draft.after }

    /// Where the file says so, for each of them.
    var afterMarks: [Mark] { rules.after }

    /// What the caller must read or run to learn the hosts; nil when they stand in the file.
    package let inventory: InventoryRequest?

    /// Whom to tell of its rollouts.
    package let notify: NoticeTargets

    /// What a serving coordinator does about hosts that come back.
    package let onReturn: ReturnPolicy

    /// Complete but for the hosts where an inventory brings them.
    private let draft: Environment
    private let rules: EnvironmentRules

    init(
        draft: Environment,
        inventory: InventoryRequest?,
        rules: EnvironmentRules,
        notify: NoticeTargets,
        onReturn: ReturnPolicy
    ) {
        self.notify = notify
        self.onReturn = onReturn
        self.draft = draft
        self.inventory = inventory
        self.rules = rules
    }

    /// The agents' own environment: as careful as the most careful of `others`; its hosts come with `resolved(over:)`.
    static func agents(of others: [Self], file: String) -> Self {
        var draft = Environment(name: .agents, service: .agent, hosts: [])
        draft.isControlled = others.contains { $0.draft.isControlled }
        draft.approvals = others.map(\.draft.approvals).max() ?? 0
        draft.approveWithin = others.map(\.draft.approveWithin).max() ?? draft.approveWithin
        return Self(
            draft: draft,
            inventory: nil,
            rules: EnvironmentRules(file: file, hosts: Mark(line: 1, column: 1)),
            notify: others.map(\.notify).first { $0 != NoticeTargets() } ?? NoticeTargets(),
            onReturn: .hold
        )
    }

    /// The agents' own environment with every host of `environments`, once, and each of the same weight.
    ///
    /// One agent is replaced first, then a tenth of them at once, at least one; all others stay connected.
    package func resolved(over environments: [Environment]) -> Environment {
        var environment = draft
        var seen: Set<HostID> = []
        environment.hosts = environments.flatMap(\.hosts).filter { seen.insert($0.id).inserted }.map {
            Host(id: $0.id, address: $0.address, port: $0.port, region: $0.region, zone: $0.zone)
        }
        let window = max(1, environment.hosts.count / Self.agentsAtOnce)
        environment.capacity = CapacityPolicy(
            floor: .count(max(0, environment.hosts.count - window)),
            window: .count(window)
        )
        return environment
    }

    /// Of ten agents, one may be away.
    private static let agentsAtOnce = 10

    /// The environment with the hosts of its inventory, or with those in the file.
    ///
    /// `hosts` is what `InventoryFile.parse` found for `inventory`; ignored without one.
    ///
    /// - Throws: where floor, zones or stages do not fit these hosts, with the line in `fleet.yml`.
    package func resolved(hosts: [Host] = []) throws(ConfigurationError) -> Environment {
        // Hosts in the file were checked with it.
        guard let inventory else { return draft }
        var environment = draft
        environment.hosts = hosts
        let findings = Findings(file: rules.file)
        if hosts.isEmpty {
            findings.add(.invalidValue, at: inventory.mark, "inventory: '\(inventory.path)' has no hosts for this")
        }
        rules.check(environment, findings)
        try findings.throwIfAny()
        return environment
    }
}
