internal import Configuration
internal import Logging
package import Model
package import Rollout
internal import Trust

/// The desk of a workspace on this machine: of the operator whose process this is, or of one whom it serves.
package struct LocalDesk: Desk {
    package let isServed: Bool
    let bench: Workbench
    /// Nil for the operator of this process, whose certificate says the name.
    private let servedPerson: String?
    private let conductor: any Conductor
    private let proposals: Proposals

    /// A desk for the operator of this process.
    package init(_ bench: Workbench) {
        self.bench = bench
        servedPerson = nil
        conductor = EmbeddedConductor(bench)
        proposals = Proposals()
        isServed = false
    }

    /// One of many desks of a coordinator that serves a team.
    init(_ bench: Workbench, serving person: String, by conductor: any Conductor, _ proposals: Proposals) {
        self.bench = bench
        servedPerson = person
        self.conductor = conductor
        self.proposals = proposals
        isServed = true
    }

    /// Who asks, as the ledger and other operators are told: `alice@laptop`.
    func person() throws -> String {
        try servedPerson ?? Machine.place(try bench.credentials().name)
    }

    // MARK: Changing

    package func propose(_ change: Change) async throws -> Proposal {
        let prepared: PreparedRollout
        let underWay: Proposal.UnderWay?
        do {
            prepared = try await prepare(change)
            underWay = try await self.underWay(like: prepared.plan)
        } catch {
            let isNothing = (error as? CoordinatorError)?.code == .nothingBehind
            if !isNothing { await record(refusal: error, of: change) }
            throw error
        }
        let plan = prepared.plan
        try await proposals.add(plan)
        return Proposal(
            plan: plan,
            underWay: underWay,
            reminders: reminders(plan),
            closure: try StartPermit(plan, at: CoordinatorClock().wall).closure(),
            forecast: try await forecast(plan),
            spec: prepared.spec
        )
    }

    /// By the hosts that the last rollouts of the place have updated.
    private func forecast(_ plan: Plan) async throws -> Forecast? {
        let past = try await bench.ledger().endedRollouts(plan.service, plan.environment, limit: Self.pastRollouts)
        return Forecast(plan, past: past.flatMap { $0.summary?.hosts ?? [] })
    }

    private static let pastRollouts = 5

    private func prepare(_ change: Change) async throws -> PreparedRollout {
        let planner = try await bench.planner()
        switch change.kind {
        case .deploy(let artifact): return try await planner.deploy(artifact, change.request)
        case .rollback(let version): return try await planner.rollBack(to: version, change.request)
        case .restart: return try await planner.restart(change.request)
        case .remove: return try await planner.remove(change.request)
        case .catchUp(let rollout): return try await planner.catchUp(rollout, change.request)
        case .converge: return try await converge(change.request, by: .person)
        }
    }

    private func record(refusal: any Error, of change: Change) async {
        await record(refusal: refusal) {
            $0.service = change.request.service
            $0.environment = change.request.environment
            $0.asked = change.words
        }
    }

    private func record(refusal: any Error, of plan: Plan) async {
        await record(refusal: refusal) {
            $0.service = plan.service
            $0.environment = plan.environment
            $0.asked = "\(plan.kind.rawValue) \(plan.target)"
        }
    }

    /// Records why nothing was planned or begun: an auditor sees what was tried, too.
    ///
    /// Nothing is changed either way, so that a ledger that can't be written must not hide the reason.
    private func record(refusal: any Error, _ describe: (inout LedgerRecord) -> Void) async {
        do {
            var record = LedgerRecord(.rolloutRefused, by: Author(holder: try person()), at: CoordinatorClock().wall)
            describe(&record)
            record.why = "\(refusal)"
            record.outcome = "refused"
            try await bench.ledger().record(record)
        } catch {
            bench.logger.error("refusal not recorded", metadata: ["error": "\(error)"])
        }
    }

    /// What the operator should see to before a certificate that the plan needs has ended.
    private func reminders(_ plan: Plan) -> [String] {
        let reminder = RenewalReminder(bench.workspace, hosts: plan.hosts.map(\.id), at: CoordinatorClock().wall)
        return reminder.line.map { [$0] } ?? []
    }

    package func open(_ digest: Digest) async throws -> StoredRollout {
        let plan = try await proposals.take(digest)
        let ledger = try await bench.ledger()
        do {
            try StartPermit(plan, at: CoordinatorClock().wall).demand()
        } catch {
            await record(refusal: error, of: plan)
            throw error
        }
        let current = try await ledger.history(plan.service, plan.environment).current
        guard current == plan.previous else {
            throw CoordinatorError(
                .planUnknown,
                "\(plan.environment) of \(plan.service) has changed since this plan was made: it is on "
                    + "\(current?.description ?? "nothing") now, not on \(plan.previous?.description ?? "nothing"); plan again"
            )
        }
        if plan.again == nil, let release = plan.release,
            let found = try await ledger.objection(to: release, as: plan.target)
        {
            throw CoordinatorError.quarantined(found)
        }
        try await bench.planner().demandProof(of: plan)
        if let standing = plan.catchUp {
            // What has ended meanwhile may have been the last word, or the order's time may be over.
            let found = try await CatchUp.find(standing.rollout.number, in: ledger, at: CoordinatorClock().wall)
            guard found.standing == standing else {
                throw CoordinatorError(
                    .planUnknown,
                    "\(standing.rollout.label) stands for another order now; plan again"
                )
            }
        }
        let person = try person()
        if let old = try await underWay(like: plan), !old.isServed {
            let isSuperseded = plan.supersedes == old.rollout.id
            let why = plan.reason.map { ": \($0)" } ?? ""
            try await withdraw(
                old.rollout,
                person,
                isSuperseded ? "superseded by \(plan.target)\(why)" : "replaced by another plan"
            )
        }
        let id = try await ledger.open(plan, by: person, at: CoordinatorClock().wall)
        guard let stored = try await ledger.rollout(id.number) else {
            throw CoordinatorError(.rolloutUnknown, "\(id.label) is not in the ledger though it was just stored")
        }
        return stored
    }

    /// The rollout to the same release that has not ended, or nil.
    ///
    /// - Throws: `CoordinatorError` when there is one to another release, or one whose place a new plan can't take any more.
    private func underWay(like plan: Plan) async throws -> Proposal.UnderWay? {
        let ledger = try await bench.ledger()
        guard let rollout = try await ledger.unfinished(plan.service, plan.environment) else { return nil }
        let succession = Succession(rollout, state: try await ledger.state(of: rollout))
        return Proposal.UnderWay(rollout: rollout, isServed: try succession.serves(plan))
    }

    /// Ends a rollout, so that a new plan can take its place; what it has finished stays.
    private func withdraw(_ rollout: StoredRollout, _ person: String, _ reason: String) async throws {
        _ = try await conductor.conduct(
            rollout,
            by: person,
            saying: [.abort(reason: reason)],
            interruptions: AsyncStream { $0.finish() },
            news: { _ in }
        )
    }

    package func conduct(
        _ rollout: StoredRollout,
        saying words: [OperatorWord],
        interruptions: AsyncStream<Void>,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary {
        try await conductor.conduct(
            rollout,
            by: try person(),
            saying: words,
            interruptions: interruptions,
            news: news
        )
    }

    // MARK: Looking

    package func watch(
        _ rollout: StoredRollout,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary { try await conductor.watch(rollout, news: news) }

    package func rollouts(_ query: RolloutQuery) async throws -> [StoredRollout] {
        let ledger = try await bench.ledger()
        switch query {
        case .numbered(let number): return try await ledger.rollout(number).map { [$0] } ?? []
        case .unfinished: return try await ledger.unfinishedRollouts()
        case .newest(let count, let selection):
            // Filters are rare and ledgers small: what does not fit is dropped here.
            let all = try await ledger.recentRollouts(limit: selection.isEverything ? count : Self.mostRollouts)
            return Array(all.filter { selection.contains($0.plan.service, $0.plan.environment) }.prefix(count))
        }
    }

    private static let mostRollouts = 10_000

    package func compare(_ comparison: ReleaseComparison) async throws -> ReleaseDifference {
        try await bench.comparer().compare(comparison)
    }

    package func view(of rollout: StoredRollout) async throws -> RolloutView {
        let state = try await bench.ledger().state(of: rollout)
        return RolloutMachine(id: rollout.id, plan: rollout.plan, state: state).view
    }
}
