internal import FoundationEssentials
internal import Logging
internal import Model
internal import Protocol
internal import Rollout
internal import Session
internal import TLS

/// Answers the operators of a team, each at a desk in their own name.
struct DeskService: SessionHandler {
    let bench: Workbench
    let rollouts: RunningRollouts
    let proposals: Proposals
    let joins: JoinDesk

    func handle(_ request: Request, _ call: Call) async throws -> Response {
        switch request {
        case .desk(let question):
            do {
                try await answer(question, call)
                return .ended
            } catch {
                throw DeskProblem.problem(error)
            }
        case .join(let join): return .joined(try await joins.answer(join, call))
        case .findArtifact(let digest): return .artifact(try await intake().find(digest))
        case .pushArtifact(let offer, _): return .artifact(try await intake().receive(offer, call))
        case .command, .status, .reports, .facts, .history, .figures, .logs, .unhold, .checkpoints, .ledgerWord,
            .membership,
            .requestCertificate, .installCertificate, .trust, .publishTrust, .receipts, .openBulk, .dialBulk:
            throw Problem.refused("this is a coordinator, which answers what is asked of its desk; agents answer this")
        }
    }

    private func intake() async throws -> ArtifactIntake {
        ArtifactIntake(try await bench.store(), tool: try await bench.tool())
    }

    private func answer(_ bytes: [UInt8], _ call: Call) async throws {
        let question: DeskQuestion
        do {
            question = try JSONDecoder().decode(DeskQuestion.self, from: Data(bytes))
        } catch {
            throw CoordinatorError(
                .askedWrongly,
                "the coordinator (\(FleetVersion.text)) does not understand the question: use the fleet of its version"
            )
        }
        // From where is what the connection says, not what its peer says of itself.
        let person = "\(call.peer.name)@\(call.peerAddress ?? "unknown")"
        let desk = LocalDesk(bench, serving: person, by: rollouts, proposals)
        bench.logger.debug("asked", metadata: ["by": "\(call.peer)", "question": "\(question.name)"])
        let reply = DeskReply(call: call)
        switch question {
        case .propose(let change): try await reply.send(.proposal(try await desk.propose(change)))
        case .open(let plan): try await reply.send(.rollout(try await desk.open(plan)))
        case .conduct(let number, let words):
            let rollout = try await desk.rollout(number)
            let none = AsyncStream<Void> { $0.finish() }
            let summary = try await desk.conduct(rollout, saying: words, interruptions: none) { await reply.tell($0) }
            try await reply.send(.summary(summary))
        case .watch(let number):
            let summary = try await desk.watch(try await desk.rollout(number)) { await reply.tell($0) }
            try await reply.send(.summary(summary))
        case .approvals(let number):
            var rollout: StoredRollout?
            if let number { rollout = try await desk.rollout(number) }
            for item in try await desk.approvals(of: rollout) { try await reply.send(.approvalRequest(item)) }
        case .approve(let number, let signature):
            let rollout = try await desk.rollout(number)
            try await reply.send(.approval(try await desk.approve(rollout, signature: signature)))
        case .withdrawApproval(let number, let reason):
            try await desk.withdrawApproval(of: try await desk.rollout(number), because: reason)
        case .exportOrder(let number):
            try await reply.send(.order(try await desk.exportOrder(of: try await desk.rollout(number))))
        case .rollouts(let query): for item in try await desk.rollouts(query) { try await reply.send(.rollout(item)) }
        case .view(let number): try await reply.send(.view(try await desk.view(of: try await desk.rollout(number))))
        case .compare(let comparison): try await reply.send(.difference(try await desk.compare(comparison)))
        case .environments(let selection):
            for item in try await desk.environments(selection) { try await reply.send(.environment(item)) }
        case .status(let selection): for item in try await desk.status(selection) { try await reply.send(.host(item)) }
        case .logs(let query): try await desk.logs(query) { try await reply.send(.logs($0)) }
        case .unhold(let host, let service):
            for item in try await desk.unhold(host, service) { try await reply.send(.service(item)) }
        case .examine: for item in try await desk.examine() { try await reply.send(.finding(item)) }
        }
    }
}

extension LocalDesk {
    fileprivate func rollout(_ number: Int) async throws -> StoredRollout {
        if let rollout = try await rollouts(.numbered(number)).first { return rollout }
        throw CoordinatorError(.rolloutUnknown, "there is no R\(number) in the ledger; 'fleet history' lists them")
    }
}

extension DeskQuestion {
    /// For the log.
    fileprivate var name: String { String("\(self)".prefix { $0 != "(" }) }
}
