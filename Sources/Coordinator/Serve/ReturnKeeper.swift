internal import Configuration
internal import Logging
internal import Model
internal import Rollout

/// Brings hosts that come back, and new ones, to where their environment is, where `on_return: serve` says so.
///
/// Each time is a rollout of its own, under the same floor, window and checks, asked for by the coordinator itself. It never
/// runs beside another of the same environment, and leaves a host to people after a few attempts.
actor ReturnKeeper {
    private let bench: Workbench
    private let rollouts: RunningRollouts
    private var pauses: [Place: Pause] = [:]
    /// What was in the way last, so that it is said once.
    private var problem: String?

    private struct Place: Hashable {
        let service: ServiceName
        let environment: EnvironmentName
    }

    /// Looks at one environment, ever more rarely while nothing changes there.
    private struct Pause {
        var span: Duration
        var next: ContinuousClock.Instant
        /// What was amiss when it was looked at last.
        var seen: [HostID: Arrears]
    }

    /// Between two looks at an environment with hosts to be brought, at least and at most.
    private static let shortest = Duration.seconds(10)
    private static let longest = Duration.seconds(300)
    /// How soon fleet.yml and the ledger are looked at again.
    private static let interval = Duration.seconds(5)

    init(_ bench: Workbench, _ rollouts: RunningRollouts) {
        self.bench = bench
        self.rollouts = rollouts
    }

    /// - Throws: `CancellationError` at its end; what goes wrong in between is logged, and tried again.
    func run() async throws {
        while true {
            try await Task.sleep(for: Self.interval)
            do {
                try await look()
                problem = nil
            } catch {
                // A session that was broken off is cancelled, too; that ends a look, and not the coordinator.
                try Task.checkCancellation()
                guard problem != "\(error)" else { continue }
                problem = "\(error)"
                bench.logger.warning("returning hosts not looked at", metadata: ["error": "\(error)"])
            }
        }
    }

    private func look() async throws {
        let configuration = try bench.workspace.configuration()
        for service in configuration.services {
            for written in service.environments where written.onReturn == .serve {
                let place = Place(service: service.name, environment: written.name)
                if let pause = pauses[place], ContinuousClock.now < pause.next { continue }
                try await look(at: place)
            }
        }
    }

    private func look(at place: Place) async throws {
        guard try await bench.ledger().unfinished(place.service, place.environment) == nil else { return }
        let person = Machine.place(try bench.credentials().name)
        let desk = LocalDesk(bench, serving: person, by: rollouts, Proposals())
        let places = try await desk.environments(Selection(service: place.service, environment: place.environment))
        let statuses = try await desk.status(of: places, try await bench.receipts())
        var seen: [HostID: Arrears] = [:]
        for status in statuses { seen[status.host] = status.arrears }
        wait(place, seen)
        guard seen.values.contains(where: \.mayReturnByItself) else { return }
        let request = DeploymentRequest(service: place.service, environment: place.environment)
        let plan = try await bench.planner().converge(request, statuses, by: .coordinator).plan
        try await carryOut(plan, by: person)
    }

    /// Looks again soon after something has changed, else after twice the time.
    private func wait(_ place: Place, _ seen: [HostID: Arrears]) {
        let old = pauses[place]
        let span = old.map { $0.seen == seen ? min($0.span * 2, Self.longest) : Self.shortest } ?? Self.shortest
        pauses[place] = Pause(span: span, next: ContinuousClock.now + span, seen: seen)
    }

    private func carryOut(_ plan: Plan, by person: String) async throws {
        let ledger = try await bench.ledger()
        let id = try await ledger.open(plan, by: person, at: CoordinatorClock().wall)
        guard let rollout = try await ledger.rollout(id.number) else { return }
        let hosts = plan.returned?.map(\.text).joined(separator: ", ") ?? ""
        bench.logger.notice(
            "hosts came back",
            metadata: ["rollout": "\(id.label)", "hosts": "\(hosts)", "release": "\(plan.target)"]
        )
        let summary = try await conduct(rollout, by: person, saying: [])
        guard summary.outcome == .paused else { return }
        // Nobody looks on: a rollout that stands would keep everybody else waiting.
        let why = "nobody was asked about hosts that came back: \(summary.headline)"
        _ = try await conduct(rollout, by: person, saying: [.abort(reason: why)])
    }

    private func conduct(
        _ rollout: StoredRollout,
        by person: String,
        saying words: [OperatorWord]
    ) async throws -> RolloutSummary {
        try await rollouts.conduct(
            rollout,
            by: person,
            saying: words,
            interruptions: AsyncStream { $0.finish() },
            news: { _ in }
        )
    }
}
