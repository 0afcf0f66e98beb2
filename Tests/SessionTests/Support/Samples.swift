import Model
import Testing

/// Values that the tests of sessions send.
enum Samples {
    static func report(_ number: Int64 = 0) throws -> HostReport {
        HostReport(
            host: try HostID(parsing: "web-1"),
            bootID: "boot",
            agentVersion: "1",
            at: WallTime(milliseconds: number),
            freeDisk: .gibibytes(1),
            services: []
        )
    }

    static func command(_ sequence: Int64 = 1) throws -> HostCommand {
        let ledger = try #require(LedgerID("6f1c2d3e-0000-4000-8000-0123456789ab"))
        return HostCommand(
            id: RequestID(rollout: RolloutID(ledger: ledger, number: 1), epoch: Epoch(1), sequence: sequence),
            service: try ServiceName(parsing: "web"),
            environment: try EnvironmentName(parsing: "production"),
            request: .inspectClaim
        )
    }

    static func command(_ request: HostRequest) throws -> HostCommand {
        let other = try command()
        return HostCommand(id: other.id, service: other.service, environment: other.environment, request: request)
    }

    static let digest = Digest(bytes: [UInt8](repeating: 7, count: 32))
}
