internal import Model

/// What takes an uncommitted release of a service back when nobody else does: a timer, and the service that it starts.
///
/// There are three pairs, so that one can be armed before another is let go: killed at any moment, the agent leaves at least
/// one armed. One may be armed, and what another has started may run, as when that process arms anew on its way back.
struct DeadMan: Sendable {
    private struct Pair: Sendable {
        let timer: UnitName
        let recovery: UnitName
    }

    private let service: ServiceName
    private let pairs: [Pair]
    private let systemd: any ServiceManager

    init(of service: ServiceName, by systemd: any ServiceManager) throws(ModelError) {
        self.service = service
        self.systemd = systemd
        var pairs: [Pair] = []
        // No name of a service has a colon.
        for name in ["fleet-revert-\(service)", "fleet-revert-\(service):2", "fleet-revert-\(service):3"] {
            let timer = try UnitName(parsing: "\(name).timer")
            pairs.append(Pair(timer: timer, recovery: try UnitName(parsing: "\(name).service")))
        }
        self.pairs = pairs
    }

    /// Runs `arguments` once, `delay` from now and for `wayBack` at most; what was armed before is let go after that.
    func arm(after delay: TimeSpan, arguments: [String], wayBack: TimeSpan) async throws {
        let next = try await next()
        let command = TransientCommand(
            unit: next.recovery,
            description: "Fleet: take back the uncommitted release of \(service)",
            arguments: arguments,
            timeout: wayBack
        )
        try await systemd.arm(next.timer, after: delay, command: command)
        for pair in pairs where pair.timer != next.timer { try await systemd.disarm(pair.timer) }
    }

    func disarm() async throws {
        for pair in pairs { try await systemd.disarm(pair.timer) }
    }

    /// A pair whose service does not run and whose timer is not armed; where all are armed, one that the others stand in for.
    ///
    /// systemd refuses to make a service anew that runs, as when this process is that service and takes a release back, or
    /// that has failed and was left.
    private func next() async throws -> Pair {
        var armed: Pair?
        for pair in pairs where try await isIdle(pair.recovery) {
            if try await isIdle(pair.timer) { return pair }
            armed = armed ?? pair
        }
        if let armed { return armed }
        throw Failure(
            .internalError,
            "\(pairs.count) recoveries of \(service) run at once; look at 'systemctl status fleet-revert-\(service)*', then retry"
        )
    }

    private func isIdle(_ unit: UnitName) async throws -> Bool {
        try await systemd.forgetFailure(of: unit)
        return try await systemd.inspect(unit).state.active == "inactive"
    }
}
