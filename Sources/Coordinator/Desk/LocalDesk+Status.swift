internal import Configuration
internal import Logging
internal import Model
internal import Rollout

extension LocalDesk {
    /// What every host of these environments says, with what the ledger knows of it.
    func status(of environments: [Environment], _ receipts: ReceiptIntake?) async throws -> [HostStatus] {
        let statuses = await FleetStatus(try bench.dialer(), receipts: receipts).ask(environments)
        guard receipts != nil else { return statuses }
        do { return try await annotated(statuses, environments) } catch {
            bench.logger.warning("what the ledger knows of hosts is not shown", metadata: ["error": "\(error)"])
            return statuses
        }
    }

    /// Adds what the ledger knows of each host and its environment to what the host says itself.
    private func annotated(_ statuses: [HostStatus], _ environments: [Environment]) async throws -> [HostStatus] {
        let ledger = try await bench.ledger()
        let open = try await ledger.openReviews()
        var rest = statuses[...]
        var all: [HostStatus] = []
        for environment in environments {
            let quarantine = try await ledger.quarantine(environment.service, environment.name)
            let convergence = try await ledger.convergence(environment, at: CoordinatorClock().wall)
            let advice = try advice(environment)
            for var status in rest.prefix(environment.hosts.count) {
                let reviews = open.filter {
                    $0.service == status.service && $0.environment == status.environment
                        && ($0.host ?? status.host) == status.host
                }
                if !reviews.isEmpty { status.openReviews = reviews }
                if !quarantine.isEmpty { status.quarantine = quarantine }
                status.arrears = convergence.arrears(of: status.host, status.word)
                status.next = status.arrears.map { advice.next($0, of: status.host) }
                all.append(status)
            }
            rest = rest.dropFirst(environment.hosts.count)
        }
        return all
    }

    private func advice(_ environment: Environment) throws -> ArrearsAdvice {
        let written = try bench.workspace.configuration().environment(environment.name, of: environment.service)
        return ArrearsAdvice(service: environment.service, environment: environment.name, policy: written.onReturn)
    }
}

extension HostStatus {
    fileprivate var word: Convergence.Word { unreachable == nil ? .report(report) : .nothing }
}
