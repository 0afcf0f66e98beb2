import Model

@testable import Trust

/// Values that goldens and tests share.
enum Samples {
    static func release() throws -> Release {
        Release(
            service: try ServiceName(parsing: "web"),
            environment: try EnvironmentName(parsing: "production"),
            version: try Version(parsing: "1.4.2"),
            artifact: Artifact(
                digest: SHA256.digest(of: Array("artifact".utf8)),
                size: ByteCount(87_031_808),
                format: .tarZstd
            ),
            source: SourceRevision(
                repository: "git+https://git.example.com/web",
                revision: "9fceb02d0ae598e95dc970b74767f19372d61af8"
            ),
            config: [
                try ConfigEntry(key: "LOG_LEVEL", value: "info"),
                try ConfigEntry(key: "GREETING", value: #"Grüß "Gott" \ €"#),
            ],
            secrets: [SecretReference(variable: "API_KEY", credential: "api-key")]
        )
    }

    static func plan(_ release: Release) throws -> Plan {
        Plan(
            kind: .deploy,
            fleet: try FleetName(parsing: "example"),
            service: release.service,
            environment: release.environment,
            target: ReleaseID(version: release.version, digest: try release.digest()),
            release: release,
            previous: nil,
            hosts: [
                PlannedHost(id: try HostID(parsing: "web-1"), zone: try ZoneName(parsing: "a")),
                PlannedHost(id: try HostID(parsing: "web-2"), weight: 2),
            ],
            stages: [
                PlannedStage(name: "canary", hosts: [0], window: 1, bake: .minutes(10)),
                PlannedStage(name: "rest", hosts: [1], window: 1, bake: .zero),
            ],
            capacity: PlannedCapacity(total: 3, floor: 1, window: 1),
            limits: Limits(),
            onFailure: .rollback,
            approvals: 1,
            reason: "fixes the login"
        )
    }

    static func order(_ plan: Plan) throws -> Order {
        let start = try WallTime(rfc3339: "2026-03-01T12:00:05Z")
        let ledger = try LedgerID(parsing: "0b9c8f6e-52f0-4c39-9d25-1c8e3a1a7d10")
        return Order(
            plan: try plan.digest(),
            release: plan.target.digest,
            service: plan.service,
            environment: plan.environment,
            hosts: plan.hosts.map(\.id),
            epoch: Epoch(7),
            rollout: RolloutID(ledger: ledger, number: 17),
            requester: try OperatorName(parsing: "alice@laptop"),
            startBy: start + .minutes(15),
            validUntil: start + .hours(24),
            catchUpUntil: start + .days(7)
        )
    }
}
