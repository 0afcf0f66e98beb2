package import Configuration
package import Model
internal import Rollout
internal import Trust

/// Works out what a request means for the fleet as it stands: release, previous release, plan.
package struct DeploymentPlanner: Sendable {
    let workspace: Workspace
    let configuration: FleetConfiguration
    let ledger: Ledger
    let catalog: ArtifactCatalog

    package init(_ workspace: Workspace, configuration: FleetConfiguration, ledger: Ledger, catalog: ArtifactCatalog) {
        self.workspace = workspace
        self.configuration = configuration
        self.ledger = ledger
        self.catalog = catalog
    }

    /// A new release for an environment.
    ///
    /// Whether it is controlled, and what becomes of a package's scripts, is taken from the environment, not from `artifact`.
    package func deploy(_ artifact: ArtifactRequest, _ request: DeploymentRequest) async throws -> PreparedRollout {
        let environment = try await environment(request)
        var artifact = artifact
        artifact.isControlled = environment.isControlled
        artifact.debianScripts = environment.debianScripts
        let resolved = try await catalog.resolve(artifact)
        let release = Release(
            service: environment.service,
            environment: environment.name,
            version: resolved.entry.version,
            artifact: resolved.entry.artifact,
            source: resolved.source,
            config: environment.config,
            secrets: environment.secrets,
            debianScripts: environment.debianScripts
        )
        let target = Target(release: release, provenance: resolved.entry.provenance, spec: resolved.spec)
        let occasion = Occasion(proving: try await proving(release, request))
        let judged = try await withGatesOfServices(environment)
        return try await prepare(.deploy, judged, target, request, occasion)
    }

    /// The release before the present one, or the one of `version`.
    package func rollBack(to version: Version?, _ request: DeploymentRequest) async throws -> PreparedRollout {
        let environment = try await environment(request)
        let target = try await rollbackTarget(version, request)
        return try await prepare(.rollback, environment, try await known(target), request)
    }

    /// The present release, started anew host by host.
    package func restart(_ request: DeploymentRequest) async throws -> PreparedRollout {
        let environment = try await environment(request)
        let history = try await ledger.history(request.service, request.environment)
        guard let current = history.current, let release = try await confirmed(current, request) else {
            let advice = "nothing was rolled out with success to \(request.environment) of \(request.service) yet"
            throw CoordinatorError(.nothingToRollBackTo, "\(advice): there is nothing to restart; see 'fleet status'")
        }
        return try await prepare(.restart, environment, try await known(release), request)
    }

    /// The service off every host of the environment.
    package func remove(_ request: DeploymentRequest) async throws -> PreparedRollout {
        let environment = try await environment(request)
        let history = try await ledger.history(request.service, request.environment)
        guard let present = history.present, let release = try await confirmed(present, request) else {
            throw CoordinatorError(
                .nothingToRemove,
                "nothing was rolled out with success to \(request.environment) of \(request.service): there is nothing to "
                    + "remove; what a rollout has left takes 'fleet abort --rollback' back"
            )
        }
        return try await prepare(.remove, environment, try await known(release), request)
    }

    /// A rollout of the ledger, to be gone on with.
    package func resume(_ rollout: StoredRollout) async throws -> PreparedRollout {
        let plan = rollout.plan
        let environment = try await environment(DeploymentRequest(service: plan.service, environment: plan.environment))
        return PreparedRollout(
            plan: plan,
            orders: try await orders(of: rollout),
            hosts: try hosts(of: plan, in: environment),
            notify: try configuration.environment(plan.environment, of: plan.service).notify
        )
    }

    /// What hosts get of a rollout, besides its order.
    package func orders(of rollout: StoredRollout) async throws -> OrderWriter {
        let plan = rollout.plan
        let request = DeploymentRequest(service: plan.service, environment: plan.environment)
        let confirmed = try await confirmed(plan.target, request)?.release
        guard let release = plan.release ?? confirmed else {
            throw CoordinatorError(
                .rolloutUnknown,
                "the ledger has no text of \(plan.target); abort \(rollout.id.label)"
            )
        }
        let entry = try await ledger.artifact(plan.service, plan.target.version)
        var standing: OrderWriter.Standing?
        if let catchUp = plan.catchUp { standing = try await ledger.standing(catchUp) }
        return OrderWriter(release: release, provenance: entry?.provenance ?? [], standing: standing)
    }

    /// The release of a rollout, for the hosts that were away while it ran; its approved order counts for them.
    package func catchUp(_ number: Int, _ request: DeploymentRequest) async throws -> PreparedRollout {
        let catchUp = try await CatchUp.find(number, in: ledger, at: CoordinatorClock().wall)
        let plan = catchUp.rollout.plan
        var request = request
        request.adoption = plan.adoption
        let environment = try await environment(request)
        // Who came later was named by nobody.
        let named = Set(catchUp.order.hosts)
        for host in environment.hosts
        where !named.contains(host.id) && !request.skips.contains(where: { $0.id == host.id }) {
            let reason = "not named by the order of \(catchUp.rollout.id.label)"
            request.skips.append(SkippedHost(id: host.id, reason: reason))
        }
        let writer = try await orders(of: catchUp.rollout)
        let spec = try? await catalog.spec(of: writer.release.artifact, service: plan.service)  // see `Target`
        let target = Target(release: writer.release, provenance: writer.provenance, spec: spec)
        return try await prepare(.deploy, environment, target, request, Occasion(catchUp: catchUp.standing))
    }

    // MARK: Pieces

    func environment(_ request: DeploymentRequest) async throws -> Environment {
        try await workspace.environment(request.environment, of: request.service, in: configuration)
    }

    /// What a plan leads to.
    struct Target {
        let release: Release
        let provenance: [[UInt8]]
        /// Nil when its artifact is no longer here: the hosts have it, and the usual bounds hold.
        let spec: ServiceSpec?
    }

    /// What is special about a rollout: where its artifact has proved itself, or which hosts were away.
    struct Occasion {
        var proving: Proving?
        var catchUp: StandingOrder?
        var returned: [HostID]?
        /// Each of them goes back to its own confirmed predecessor.
        var isWayBack = false
    }

    private func known(_ confirmed: ConfirmedRelease) async throws -> Target {
        let spec = try? await catalog.spec(of: confirmed.release.artifact, service: confirmed.service)  // see `Target`
        return Target(release: confirmed.release, provenance: try await provenance(confirmed), spec: spec)
    }

    func prepare(
        _ kind: Plan.Kind,
        _ environment: Environment,
        _ target: Target,
        _ request: DeploymentRequest,
        _ occasion: Occasion = Occasion()
    ) async throws -> PreparedRollout {
        let release = target.release
        let environment = try atPresent(environment)
        let history = try await ledger.history(environment.service, environment.name)
        let id = ReleaseID(version: release.version, digest: try release.digest())
        let again = try await again(release, id, request)
        let place = DeploymentRequest(service: environment.service, environment: environment.name)
        var before: Release?
        if let current = history.current { before = try await confirmed(current, place)?.release }
        var plan = try Planner.plan(
            PlanRequest(
                kind: kind,
                fleet: configuration.fleet,
                environment: environment,
                target: id,
                // A host that has the release on its disk prepares it in no time; one that lost it gets it again.
                release: kind == .restart || kind == .remove ? nil : release,
                previous: history.current,
                spec: target.spec,
                skips: request.skips,
                adoption: request.adoption,
                reason: request.reason,
                isWayBack: kind == .rollback && (occasion.isWayBack || history.rollbackTarget == .release(id)),
                catchUp: occasion.catchUp,
                again: again,
                returned: occasion.returned,
                drift: request.drift ?? .refuse,
                whileClosed: try override(request, in: environment),
                schedule: request.schedule,
                proving: occasion.proving,
                previousRelease: before,
                supersedes: try await superseded(request)
            )
        )
        plan = try await heed(plan, request)
        return PreparedRollout(
            plan: plan,
            orders: OrderWriter(release: release, provenance: target.provenance),
            hosts: try hosts(of: plan, in: environment),
            notify: try configuration.environment(plan.environment, of: plan.service).notify,
            spec: target.spec
        )
    }

    /// The rollout that has quarantined what is asked for all the same, with a reason.
    private func again(_ release: Release, _ id: ReleaseID, _ request: DeploymentRequest) async throws -> RolloutID? {
        guard let found = try await ledger.objection(to: release, as: id) else { return nil }
        guard request.quarantine == .again else { throw CoordinatorError.quarantined(found) }
        guard request.reason?.isEmpty == false else {
            throw CoordinatorError(.quarantined, "\(found.description); --again needs a --reason")
        }
        return found.rollout
    }

    private func hosts(of plan: Plan, in environment: Environment) throws -> [Host] {
        try plan.hosts.map { planned in
            guard let host = environment.hosts.first(where: { $0.id == planned.id }) else {
                throw CoordinatorError(
                    .hostUnknown,
                    "\(planned.id) is part of the rollout, but no longer of \(plan.environment) in fleet.yml: put it back "
                        + "there until the rollout has ended"
                )
            }
            return host
        }
    }

    // MARK: Releases of before

    private func rollbackTarget(_ version: Version?, _ request: DeploymentRequest) async throws -> ConfirmedRelease {
        let place = "\(request.service) --env \(request.environment)"
        if let version {
            let known = try await ledger.confirmed(request.service, request.environment)
            if let found = known.first(where: { $0.release.version == version }) { return found }
            let versions = known.map(\.release.version.text).joined(separator: ", ")
            throw CoordinatorError(
                .nothingToRollBackTo,
                "\(version) was never rolled out with success to \(request.environment) of \(request.service)"
                    + (versions.isEmpty ? "" : "; these were: \(versions)")
            )
        }
        switch try await ledger.history(request.service, request.environment).rollbackTarget {
        case .release(let id):
            if let found = try await confirmed(id, request) { return found }
            throw CoordinatorError(
                .nothingToRollBackTo,
                "the ledger has no text of \(id); roll out a version that works"
            )
        case .alreadyRolledBack(let id):
            throw CoordinatorError(
                .nothingToRollBackTo,
                "the last change was a rollback to \(id); to go back further, say where to: 'fleet rollback \(place) --to VERSION'"
            )
        case .none:
            throw CoordinatorError(
                .nothingToRollBackTo,
                "no release was confirmed in \(request.environment) of \(request.service) before this one; roll out a "
                    + "version that works: 'fleet rollout \(place)'"
            )
        }
    }

    private func confirmed(_ id: ReleaseID, _ request: DeploymentRequest) async throws -> ConfirmedRelease? {
        try await ledger.confirmed(request.service, request.environment).first { $0.id == id }
    }

    private func provenance(_ release: ConfirmedRelease) async throws -> [[UInt8]] {
        try await ledger.artifact(release.service, release.release.version)?.provenance ?? []
    }
}
