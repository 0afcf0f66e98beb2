import Artifacts
import Configuration
import Coordinator
import Logging

/// Everything that an operator works with, opened as it is needed.
struct Desk {
    let workspace: Workspace
    let configuration: FleetConfiguration
    let logger: Logger

    init(_ workspace: Workspace, logger: Logger) throws {
        self.workspace = workspace
        self.logger = logger
        configuration = try workspace.configuration()
    }

    func dialer() throws -> HostDialer { try HostDialer(try workspace.credentials(), logger: logger) }

    /// What planning and running rollouts needs.
    struct Tools {
        let ledger: Ledger
        let planner: DeploymentPlanner
        let runner: RolloutRunner
    }

    func tools() throws -> Tools {
        let ledger = try workspace.ledger()
        let store = try workspace.artifacts()
        let tool = try UnpackTool.find()
        let catalog = ArtifactCatalog(workspace, configuration: configuration, ledger: ledger, store: store, tool: tool)
        return Tools(
            ledger: ledger,
            planner: DeploymentPlanner(workspace, configuration: configuration, ledger: ledger, catalog: catalog),
            runner: RolloutRunner(
                workspace,
                credentials: try workspace.credentials(),
                ledger: ledger,
                store: store,
                tool: tool,
                logger: logger
            )
        )
    }
}
