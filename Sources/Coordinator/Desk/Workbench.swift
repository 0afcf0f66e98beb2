package import Artifacts
internal import Configuration
package import Logging
package import Model
package import TLS

/// What a coordinator works with, opened when it is first needed and shared from then on.
package actor Workbench {
    package nonisolated let workspace: Workspace
    package nonisolated let logger: Logger
    private nonisolated let role: Role
    private var openLedger: Ledger?
    private var openStore: ContentStore?
    private var foundTool: UnpackTool?

    /// `role` is that of the certificate which agents are shown.
    package init(_ workspace: Workspace, as role: Role = .operator, logger: Logger) {
        self.workspace = workspace
        self.role = role
        self.logger = logger
    }

    package func ledger() throws -> Ledger {
        if let openLedger { return openLedger }
        let ledger = try workspace.ledger()
        openLedger = ledger
        return ledger
    }

    package func store() throws -> ContentStore {
        if let openStore { return openStore }
        let store = try workspace.artifacts()
        openStore = store
        return store
    }

    package func tool() throws -> UnpackTool {
        if let foundTool { return foundTool }
        let tool = try UnpackTool.find()
        foundTool = tool
        return tool
    }

    /// Plans by fleet.yml as it is now: a coordinator that serves for months is not to be restarted for each change.
    func planner() throws -> DeploymentPlanner {
        let configuration = try workspace.configuration()
        let catalog = try catalog(configuration)
        return DeploymentPlanner(workspace, configuration: configuration, ledger: try ledger(), catalog: catalog)
    }

    /// Compares releases by fleet.yml as it is now.
    func comparer() throws -> ReleaseComparer {
        let configuration = try workspace.configuration()
        let catalog = try catalog(configuration)
        return ReleaseComparer(workspace, configuration: configuration, ledger: try ledger(), catalog: catalog)
    }

    private func catalog(_ configuration: FleetConfiguration) throws -> ArtifactCatalog {
        ArtifactCatalog(
            workspace,
            configuration: configuration,
            ledger: try ledger(),
            store: try store(),
            tool: try tool()
        )
    }

    /// Runs rollouts with the certificate as it is now, in the name of `person`.
    func runner(for person: String) throws -> RolloutRunner {
        RolloutRunner(
            workspace,
            person: person,
            credentials: try credentials(),
            ledger: try ledger(),
            store: try store(),
            tool: try tool(),
            logger: logger
        )
    }

    nonisolated func credentials() throws -> Credentials { try workspace.credentials(as: role) }

    /// Renews certificates and tells of revocations wherever somebody looks.
    package nonisolated var membership: MembershipKeeper { MembershipKeeper(workspace, logger: logger) }

    /// Asks hosts, and lets `membership` look after them on the way.
    package nonisolated func dialer() throws -> HostDialer { try dialer(tending: membership) }

    package nonisolated func dialer(tending membership: MembershipKeeper?) throws -> HostDialer {
        try HostDialer(try credentials(), membership: membership, logger: logger)
    }

    /// Every host of the fleet once.
    package nonisolated func hosts() async throws -> [Host] {
        FleetStatus.hosts(of: try await workspace.environments(in: try workspace.configuration()))
    }
}
