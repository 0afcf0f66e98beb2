internal import Activation
internal import Model

extension EffectPerformer {
    /// One round of checks and a look at the unit.
    func check(_ run: CheckRun) async throws -> EffectResult {
        if run.after > .zero { try await Task.sleep(for: run.after.duration) }
        let round = try await round(run.checks, unit: run.unit, release: run.release)
        return .checked(CheckRound(unit: round.unit, checks: round.checks, evidence: await evidence(against: round)))
    }

    /// The unit's last words when something is wrong with it; what fell over and was started again is, too.
    private func evidence(against round: CheckRound) async -> [String] {
        guard let unit = round.unit else { return [] }
        let isWell = round.checks.allSatisfy(\.hasPassed) && unit.active == "active" && unit.restarts == 0
        return isWell ? [] : await evidence(of: unit.unit, invocation: unit.invocation, restarts: unit.restarts)
    }

    /// The service as it is now.
    private func round(_ checks: [Check], unit: UnitName?, release: ReleaseID) async throws -> CheckRound {
        let site = try await site(of: release)
        let results = await host.checks.round(checks, of: site)
        var state: UnitState?
        if let unit { state = try await host.systemd.inspect(unit).state }
        return CheckRound(unit: state, checks: results)
    }

    /// The periodic look at a service that nobody is changing.
    func observe(current: ReleaseID?, spec: ServiceSpec?) async -> Observation {
        // A link that can't be read is not the one that should be there.
        let linked = try? await store.linked(ReleaseStore.current)
        guard let current, let spec else {
            return Observation(unit: nil, checks: [], current: linked.flatMap(\.self))
        }
        let deployment = Deployment(id: current, spec: spec)
        do {
            let round = try await round(spec.checks, unit: deployment.unit, release: current)
            let drift = try await drift(of: deployment)
            return Observation(unit: round.unit, checks: round.checks, current: linked.flatMap(\.self), drift: drift)
        } catch {
            return Observation(unit: nil, checks: [], current: linked.flatMap(\.self), drift: ["\(error)"])
        }
    }

    /// What differs from the release, short of reading its whole tree.
    private func drift(of deployment: Deployment) async throws -> [String] {
        var drift = try await store.unitDrift(of: deployment.id)
        guard let unit = deployment.unit else { return drift }
        let foreign = try await host.systemd.inspect(unit).dropInPaths.filter {
            !$0.hasSuffix("/\(UnitInstaller.dropInName)")
        }
        drift += foreign.map { "\(unit) has a drop-in that is not of the release: \($0)" }
        return drift
    }
}
