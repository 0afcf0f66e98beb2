package import Model

/// One environment as written, which may still lack its hosts.
package struct FleetEnvironment: Hashable, Sendable {
    package var name: EnvironmentName { draft.name }

    /// Distinct people who must approve a rollout.
    package var approvals: Int { draft.approvals }

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
