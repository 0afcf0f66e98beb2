internal import Model
internal import Rollout

extension DeploymentPlanner {
    /// What the environment is on, for hosts that are behind and can be brought by the same leave.
    ///
    /// `statuses` are those of all hosts of the environment, as they are now. Whoever is not there, is held, or has to wait
    /// for a person is left out; the others are part of the plan, because they are the capacity.
    func converge(
        _ request: DeploymentRequest,
        _ statuses: [HostStatus],
        by asker: ReturnAsker
    ) async throws -> PreparedRollout {
        let environment = try await environment(request)
        let skipped = Set(request.skips.map(\.id))
        let ready = statuses.filter { status in
            guard let arrears = status.arrears, !skipped.contains(status.host) else { return false }
            return asker == .person ? arrears.canBeBrought : arrears.mayReturnByItself
        }
        guard let remedy = ready.first?.arrears?.remedy else { throw nothingBehind(request, statuses) }
        let chosen = ready.filter { $0.arrears?.remedy == remedy }
        let convergence = try await ledger.convergence(environment, at: CoordinatorClock().wall)
        guard let source = convergence.source, let stored = try await ledger.rollout(source.number) else {
            throw nothingBehind(request, statuses)
        }
        var request = request
        request.adoption = stored.plan.adoption
        request.reason = request.reason ?? Self.reason(chosen)
        let names = Set(chosen.map(\.host))
        for status in statuses where !names.contains(status.host) && !skipped.contains(status.host) {
            guard let why = Self.absence(status) else { continue }
            request.skips.append(SkippedHost(id: status.host, reason: why))
        }
        let writer = try await orders(of: stored)
        let spec = try? await catalog.spec(of: writer.release.artifact, service: stored.plan.service)  // see `Target`
        let target = Target(release: writer.release, provenance: writer.provenance, spec: spec)
        var occasion = Occasion()
        occasion.returned = chosen.map(\.host)
        occasion.isWayBack = remedy == .wayBack
        if case .order(let rollout) = remedy {
            occasion.catchUp = try await CatchUp.find(rollout.number, in: ledger, at: CoordinatorClock().wall).standing
        }
        return try await prepare(remedy == .wayBack ? .rollback : .deploy, environment, target, request, occasion)
    }

    /// Why a host takes no part; nil for one that is where it should be.
    private static func absence(_ status: HostStatus) -> String? {
        if status.unreachable != nil { return "gives no answer" }
        guard let arrears = status.arrears else {
            return status.report?.held.map { "held: \($0)" }
        }
        switch arrears.state {
        case .held: return "held by a person"
        case .failed: return "the release has failed on it"
        case .leftOut: return "was left out"
        case .stale: return "the approvals that there are don't count for it"
        case .behind, .unread, .unknown, .missed: return "has its own turn"
        }
    }

    private static func reason(_ hosts: [HostStatus]) -> String {
        let shown = hosts.prefix(5).map(\.host.text).joined(separator: ", ")
        let more = hosts.count > 5 ? " and \(hosts.count - 5) more" : ""
        return "\(shown)\(more) came back, or came new"
    }

    private func nothingBehind(_ request: DeploymentRequest, _ statuses: [HostStatus]) -> CoordinatorError {
        let waiting = statuses.filter { $0.arrears != nil }
        let place = "\(request.service) in \(request.environment)"
        guard !waiting.isEmpty else { return CoordinatorError(.nothingBehind, "\(place): nothing is behind") }
        let lines = waiting.prefix(10).map { "\($0.host) (\($0.arrears?.state.words ?? "")): \($0.next ?? "")" }
        return CoordinatorError(
            .nothingBehind,
            "\(place): no host can be brought now; " + lines.joined(separator: "; ")
        )
    }
}

extension Arrears.State {
    /// As people read it.
    package var words: String {
        switch self {
        case .unknown, .missed, .behind, .unread, .stale, .failed, .held: rawValue
        case .leftOut: "left out"
        }
    }
}
