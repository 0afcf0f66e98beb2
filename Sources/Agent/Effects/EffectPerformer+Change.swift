internal import Activation
internal import Artifacts
internal import Configuration
internal import Model

extension EffectPerformer {
    private var deadMan: DeadMan {
        get throws(ModelError) { try DeadMan(of: service, by: host.systemd) }
    }

    func armDeadMan(after delay: TimeSpan, wayBack: TimeSpan) async throws -> EffectResult {
        try await deadMan.arm(after: delay, arguments: try await recovery() + [service.text], wayBack: wayBack)
        return .done
    }

    /// What the timer runs; of the agent's own replacement, the very executable that its change names.
    private func recovery() async throws -> [String] {
        let keeper = host.keeper
        if service == .agent { return await keeper.command }
        // Another agent stands by while this one is not committed.
        if await keeper.isAnother { return await keeper.command }
        return try await BlockingThread.run { [pinned = host.pinned] in try pinned.recovery() }
    }

    func disarmDeadMan() async throws { try await deadMan.disarm() }

    /// Where commands of a release run, and as whom: the user of the service's own unit.
    func site(of release: ReleaseID, in instance: InstanceName?) async throws -> CheckSite {
        let spec = try await store.spec(of: release)
        var user = ""
        var group = ""
        if let unit = Deployment(id: release, spec: spec, instance: instance).processUnit {
            let inspection = try await host.systemd.inspect(unit)
            (user, group) = (inspection.user, inspection.group)
        }
        let tree = await store.tree(of: release)
        // Papers that can't be read are found by those who look for drift.
        let secrets = (try? await store.release(of: release))?.secrets ?? []
        return CheckSite(
            service: service,
            tree: tree,
            user: user,
            group: group,
            secrets: secrets,
            instance: instance
        )
    }

    func stop(_ units: [UnitName]) async throws -> EffectResult {
        for unit in units {
            do {
                let result = try await host.systemd.stop(unit)
                guard result == .done || result == .skipped else {
                    throw Failure(.unitUnstable, "stopping \(unit) ended with '\(result.rawValue)', expected 'done'")
                }
            } catch let error as SystemdError where error.code == .noSuchUnit {
                continue
            }
        }
        return .done
    }

    func change(_ change: Switch) async throws -> EffectResult {
        // The agent's goes back to that of its package: it was stopped before, is to start, and at boot waits to be started.
        for unit in change.retires where unit != .agent {
            _ = try await stop([unit])
            try await host.systemd.disable(unit)
        }
        Failpoint.pass(.beforeSwitchFiles)
        try await store.change(change)
        Failpoint.pass(.afterSwitchFiles)
        var touched = change.retires
        if let release = change.to { touched += try await store.units(of: release).loaded }
        if case .restore(let unit) = change.foreignUnit { touched.append(unit) }
        let mustRead = try await needsReload(touched)
        let isElsewhere = try await isReadElsewhere(change)
        if mustRead || isElsewhere { try await host.systemd.reload() }
        return .done
    }

    /// Whether systemd must read unit files anew.
    ///
    /// It reads all of them, which takes longer than everything else in a switch, and most releases leave theirs as they
    /// were. The question is systemd's own, so that a crash between writing and reading is noticed, too.
    private func needsReload(_ units: [UnitName]) async throws -> Bool {
        for unit in units {
            let found = try await host.systemd.inspect(unit)
            if found.needsReload || !found.exists { return true }
        }
        return false
    }

    /// Whether systemd still has a unit of the release from another place, as that of a package which the file now shadows.
    private func isReadElsewhere(_ change: Switch) async throws -> Bool {
        for file in change.installs {
            let unit = try UnitName(parsing: file.name)
            // A template is read where one of its instances is.
            let read = unit.isTemplate ? change.instances.map { unit.instance($0.instance) } : [unit]
            for one in read {
                if try await host.systemd.inspect(one).fragmentPath != "\(host.paths.units)/\(unit)" { return true }
            }
        }
        return false
    }

    func start(_ startup: Startup) async throws -> EffectResult {
        if let relay = host.relay, service == .agent {
            // The agent needs the host's lock, so whoever stands in for it starts it after letting go of that.
            relay.yield(startup)
            try await Task.sleep(for: startup.timeout.duration + Self.relayGrace)
            throw Failure(.internalError, "nobody has started \(startup.unit)")
        }
        // A mask that was adopted and has come back: it forbade the start before, too.
        guard try await !store.isMasked(startup.unit) else {
            return .started(try await host.systemd.inspect(startup.unit).state)
        }
        guard !startup.isTrial else {
            try await begin(startup.unit, timeout: startup.timeout)
            return .done
        }
        for socket in startup.sockets { try await begin(socket, timeout: startup.timeout) }
        for unit in startup.units { try await begin(unit, timeout: startup.timeout) }
        Failpoint.pass(.beforeEnabling)
        for unit in startup.sockets + startup.units { try await host.systemd.enable(unit) }
        return .started(try await state(of: startup.units))
    }

    /// What is to be said of units that run together: the worst of them, with the restarts of all.
    func state(of units: [UnitName]) async throws -> UnitState {
        var states: [UnitState] = []
        for unit in units { states.append(try await host.systemd.inspect(unit).state) }
        var worst = states.first { $0.active != "active" } ?? states.max { $0.restarts < $1.restarts } ?? states[0]
        worst.restarts = states.reduce(0) { $0 + $1.restarts }
        return worst
    }

    func reload(_ order: Reload) async throws -> EffectResult {
        let unit = order.unit
        let found = try await host.systemd.inspect(unit).state
        guard found.isUp, found.invocation == order.invocation else {
            throw Failure(
                .internalError,
                "\(unit) is \(found.active) (\(found.sub)) and not the run of it that was to be reloaded",
                evidence: await evidence(of: unit, invocation: found.invocation, restarts: found.restarts)
            )
        }
        let result = try await withDeadline(order.timeout) { try await host.systemd.reload(unit) }
        let state = try await host.systemd.inspect(unit).state
        guard result != .done else { return .started(state) }
        let ending =
            result.map { "ended with '\($0.rawValue)', expected 'done'" } ?? "took longer than \(order.timeout)"
        throw Failure(
            .unitStart,
            "the reload of \(unit) \(ending); see its ExecReload=",
            evidence: await evidence(of: unit, invocation: state.invocation)
        )
    }

    private func begin(_ unit: UnitName, timeout: TimeSpan) async throws {
        // An operator's decision to start is never refused for the rate of earlier starts.
        try await host.systemd.forgetFailure(of: unit)
        let result = try await withDeadline(timeout) { try await host.systemd.start(unit) }
        guard result != .done else { return }
        let state = try await host.systemd.inspect(unit).state
        let ending = result.map { "its start ended with '\($0.rawValue)'" } ?? "it did not start within \(timeout)"
        throw Failure(
            .unitStart,
            "\(unit): \(ending); it is \(state.active) (\(state.sub), result \(state.result))",
            evidence: await evidence(of: unit, invocation: state.invocation, restarts: state.restarts)
        )
    }
}
