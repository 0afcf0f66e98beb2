package import Model
package import Rollout

/// What one host of an environment says of its service at this moment.
package struct HostStatus: Hashable, Codable, Sendable {
    package var host: HostID
    package var address: String
    package var service: ServiceName
    package var environment: EnvironmentName
    /// Nil when the host could not be asked, or has never heard of the service.
    package var report: ServiceReport?
    /// Why the host could not be asked; nil when it answered.
    package var unreachable: String?
    /// Why the host has refused a coordinator's ledger last; nil once it was accepted.
    package var ledgerRefusal: String?
    /// The trust root that the host follows; nil for none.
    package var trust: TrustState?
    /// Version of the host's agent; nil when it could not be asked.
    package var agentVersion: String?
    /// Emergencies on this host that nobody else has reviewed yet; nil for none.
    package var openReviews: [BrokenGlass]?
    /// Artifacts that are quarantined in this environment; nil for none.
    package var quarantine: [Quarantine]?
    /// How it is not where its environment is; nil where it is, as far as anybody knows.
    package var arrears: Arrears?
    /// What to do about that: the next command.
    package var next: String?

    package init(
        host: HostID,
        address: String,
        service: ServiceName,
        environment: EnvironmentName,
        report: ServiceReport? = nil,
        unreachable: String? = nil
    ) {
        self.host = host
        self.address = address
        self.service = service
        self.environment = environment
        self.report = report
        self.unreachable = unreachable
    }

    package var isInService: Bool { report?.isInService ?? false }

    /// Whether the host is not as its release left it.
    package var hasDrifted: Bool { report?.drift.isEmpty == false }
}
