package import Model
internal import Protocol
internal import Session

/// What runs where, asked of the hosts themselves.
package struct FleetStatus: Sendable {
    /// Time for one host to answer once it is connected.
    private static let answerTime = Duration.seconds(4)

    private let dialer: HostDialer
    private let receipts: ReceiptIntake?

    /// `receipts` takes in what hosts have done since.
    package init(_ dialer: HostDialer, receipts: ReceiptIntake? = nil) {
        self.dialer = dialer
        self.receipts = receipts
    }

    /// What a host says of itself.
    private struct Answer: Sendable {
        let report: HostReport
        let trust: TrustState?
    }

    /// One entry per environment and host, in the order of the environments.
    package func ask(_ environments: [Environment]) async -> [HostStatus] {
        let hosts = Self.hosts(of: environments)
        let answers = await dialer.ask(hosts) { [receipts] session in
            let report = try await session.status(within: Self.answerTime)
            if let head = report.receipts { await receipts?.take(from: session, upTo: head) }
            // An agent that has never heard of trust roots follows none.
            return Answer(report: report, trust: try? await session.trust(within: Self.answerTime))
        }
        var reports: [Endpoint: Result<Answer, any Error>] = [:]
        for (host, answer) in zip(hosts, answers) { reports[Endpoint(host)] = answer }
        return environments.flatMap { environment in
            environment.hosts.map { Self.status(of: $0, in: environment, reports[Endpoint($0)]) }
        }
    }

    /// One agent, which may serve several environments.
    private struct Endpoint: Hashable {
        let id: HostID
        let address: String
        let port: Int

        init(_ host: Host) {
            id = host.id
            address = host.address
            port = host.port
        }
    }

    /// Every host once, in the order in which the environments name them.
    package static func hosts(of environments: [Environment]) -> [Host] {
        var seen: Set<Endpoint> = []
        return environments.flatMap(\.hosts).filter { seen.insert(Endpoint($0)).inserted }
    }

    private static func status(
        of host: Host,
        in environment: Environment,
        _ answer: Result<Answer, any Error>?
    ) -> HostStatus {
        var status = HostStatus(
            host: host.id,
            address: host.address,
            service: environment.service,
            environment: environment.name
        )
        switch answer {
        case .success(let answer):
            let report = answer.report
            status.trust = answer.trust
            status.agentVersion = report.agentVersion
            status.ledgerRefusal = report.ledgerRefusal
            status.report = report.services.first {
                $0.service == environment.service && $0.environment == environment.name
            }
        case .failure(let error): status.unreachable = "\(error)"
        case nil: status.unreachable = "was not asked"
        }
        return status
    }
}
