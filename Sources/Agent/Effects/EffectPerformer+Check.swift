internal import Activation
internal import Model

extension EffectPerformer {
    /// One round of checks and a look at the unit.
    func check(_ run: CheckRun) async throws -> EffectResult {
        if run.after > .zero { try await Task.sleep(for: run.after.duration) }
        let site = try await site(of: run.release, in: run.instance)
        let round = try await round(run.checks, units: run.units, at: site)
        return .checked(CheckRound(unit: round.unit, checks: round.checks, evidence: await evidence(against: round)))
    }

    /// The unit's last words when something is wrong with it; what fell over and was started again is, too.
    private func evidence(against round: CheckRound) async -> [String] {
        guard let unit = round.unit else { return [] }
        let isWell = round.checks.allSatisfy(\.hasPassed) && unit.active == "active" && unit.restarts == 0
        return isWell ? [] : await evidence(of: unit.unit, invocation: unit.invocation, restarts: unit.restarts)
    }

    /// The service as it is now.
    private func round(_ checks: [Check], units: [UnitName], at site: CheckSite) async throws -> CheckRound {
        let results = await host.checks.round(checks, of: site)
        return CheckRound(unit: units.isEmpty ? nil : try await state(of: units), checks: results)
    }

    /// The periodic look at a service that nobody is changing.
    func observe(_ subject: ServiceRunner.Subject, _ glance: TreeGlance) async -> Observation {
        // A link that can't be read is not the one that should be there.
        let linked = try? await store.linked(ReleaseStore.current)
        guard let deployment = subject.linked else {
            return Observation(unit: nil, checks: [], current: linked.flatMap(\.self))
        }
        do {
            let site = try await site(of: deployment.id, in: deployment.instance)
            let round = try await round(deployment.checks, units: deployment.units, at: site)
            var drift = await store.drift(of: deployment.id, manifest: subject.manifest, glance)
            drift += try await store.instanceDrift(of: deployment) + strays(beside: deployment)
            return Observation(
                unit: round.unit,
                checks: round.checks,
                current: linked.flatMap(\.self),
                drift: drift,
                overrides: try await overrides(of: deployment)
            )
        } catch {
            return Observation(unit: nil, checks: [], current: linked.flatMap(\.self), drift: ["\(error)"])
        }
    }

    /// Instances that run although another one is the service, one sentence each.
    private func strays(beside deployment: Deployment) async throws -> [String] {
        guard let unit = deployment.unit, deployment.instance != nil else { return [] }
        var strays: [String] = []
        for other in deployment.runUnits where other != unit {
            let state = try await host.systemd.inspect(other).state
            guard state.active != "inactive", state.active != "failed" else { continue }
            strays.append(
                "\(other) is \(state.active) (\(state.sub)), although \(unit) is what runs here: it was started"
            )
        }
        return strays
    }

    /// Drop-ins of the host's own, which may say anything.
    private func overrides(of deployment: Deployment) async throws -> [String] {
        guard let unit = deployment.unit else { return [] }
        let foreign = try await host.systemd.inspect(unit).dropInPaths.filter {
            !$0.hasSuffix("/\(UnitInstaller.dropInName)")
        }
        return foreign.map { "\(unit) has a drop-in that is not of the release: \($0)" }
    }
}
