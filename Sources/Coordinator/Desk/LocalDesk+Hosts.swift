internal import Logging
package import Model
internal import Protocol
internal import Session
internal import Trust

extension LocalDesk {
    package func environments(_ selection: Selection) async throws -> [Environment] {
        let workspace = bench.workspace
        return try await workspace.environments(
            in: try workspace.configuration(),
            service: selection.service,
            environment: selection.environment
        )
    }

    package func status(_ selection: Selection) async throws -> [HostStatus] {
        let receipts: ReceiptIntake?
        do { receipts = try await bench.receipts() } catch {
            // What hosts say is shown whatever is wrong with the ledger; 'fleet doctor' tells of that.
            bench.logger.warning("no receipts are taken", metadata: ["error": "\(error)"])
            receipts = nil
        }
        return try await status(of: try await environments(selection), receipts)
    }

    package func logs(
        _ query: HostLogQuery,
        _ each: @escaping @Sendable ([LogLine]) async throws -> Void
    ) async throws {
        let member = try await member(query.host, of: query.service)
        let wanted = LogQuery(service: query.service, past: query.past, end: query.follows ? .never : .now)
        try await bench.dialer().withSession(member) { session in try await session.logs(wanted, each) }
    }

    package func unhold(_ host: HostID, _ service: ServiceName?) async throws -> [ServiceName] {
        let member = try await member(host, of: service)
        let author = Author(holder: try person())
        return try await bench.ledger().recording(.hostUnheld, by: author) {
            $0.hosts = [host]
            $0.service = service
        } _: {
            try await unhold(member, service)
        }
    }

    private func unhold(_ member: Host, _ service: ServiceName?) async throws -> [ServiceName] {
        try await bench.dialer().withSession(member) { session in
            let report = try await session.status(within: .seconds(5))
            let held = report.services.filter { $0.held != nil && (service ?? $0.service) == $0.service }
            for found in held {
                let response = try await session.request(.unhold(found.service), within: .seconds(30))
                if case .reply(.refused(let failure)) = response { throw failure }
            }
            return held.map(\.service)
        }
    }

    private func member(_ host: HostID, of service: ServiceName?) async throws -> Host {
        let hosts = try await environments(Selection(service: service)).flatMap(\.hosts)
        if let member = hosts.first(where: { $0.id == host }) { return member }
        let whose = service.map { "\($0) has" } ?? "no environment has"
        let list = service.map { "'fleet hosts \($0)'" } ?? "'fleet hosts'"
        throw CoordinatorError(
            .hostUnknown,
            service == nil
                ? "\(whose) a host called '\(host)'; \(list) lists them"
                : "\(whose) no host called '\(host)'; \(list) lists them"
        )
    }

    package func examine() async throws -> [Finding] {
        let here = WorkspaceDoctor(bench.workspace, at: CoordinatorClock().wall).examine()
        return here + (await examineHosts()) + (await examineLedger())
    }

    /// Whether the hosts have seen more of the ledger than there is: then it is an old copy.
    private func examineLedger() async -> [Finding] {
        // What keeps the ledger or the hosts from being asked was said before.
        guard let survey = try? await bench.ledgerDesk().survey(), let lost = survey.lost else { return [] }
        let hosts = survey.seen.filter { $0.value == lost.size }.keys.sorted().map(\.text).joined(separator: ", ")
        return [
            Finding(
                .problem,
                bench.workspace.layout.ledger,
                "is not the ledger that \(hosts) last saw, with \(lost.size) records, but an old copy of it",
                remedy: "put the newest copy back; where that is lost, 'fleet audit recover' lets hosts go on from "
                    + "this one, by an approver's word"
            )
        ]
    }

    /// Asks them whatever else is wrong, as long as there is a way to ask.
    private func examineHosts() async -> [Finding] {
        guard let dialer = try? bench.dialer(), (try? bench.workspace.configuration()) != nil else {
            // What is wrong with the two was said before, file by file.
            let remedy = "that needs fleet.yml and your certificate: correct what was found there"
            return [Finding(.problem, "hosts", "not asked", remedy: remedy)]
        }
        do {
            // A workspace without readable roots has nothing to compare with.
            let present = try? TrustRoots(bench.workspace).chain().last?.root.version
            return await HostDoctor(dialer, trustRoot: present).examine(
                FleetStatus.hosts(of: try await environments(Selection()))
            )
        } catch {
            return [Finding(.problem, "hosts", "not asked: \(error)", remedy: "correct the inventory")]
        }
    }
}
