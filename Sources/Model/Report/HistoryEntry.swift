/// One change of a service that has ended, as its host remembers it.
package struct HistoryEntry: Hashable, Codable, Sendable {
    package var service: ServiceName
    package var environment: EnvironmentName
    /// As it stood at its end.
    package var operation: OperationReport
    package var endedAt: WallTime

    package init(service: ServiceName, environment: EnvironmentName, operation: OperationReport, endedAt: WallTime) {
        self.service = service
        self.environment = environment
        self.operation = operation
        self.endedAt = endedAt
    }
}
