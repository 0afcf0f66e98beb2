internal import Model
internal import Rollout

extension LocalDesk {
    /// The plan that brings hosts which are behind to what their environment is on.
    ///
    /// Asks the hosts: only one that answers can be brought.
    /// - Throws: `CoordinatorError` with code `nothingBehind` when there is none.
    func converge(_ request: DeploymentRequest, by asker: ReturnAsker) async throws -> PreparedRollout {
        let places = try await environments(Selection(service: request.service, environment: request.environment))
        let statuses = try await status(of: places, try await bench.receipts())
        return try await bench.planner().converge(request, statuses, by: asker)
    }
}
