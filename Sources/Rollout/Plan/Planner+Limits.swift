import Model

extension Planner {
    /// What bounds the rollout; a service that takes its time gets it.
    var limits: Limits {
        let environment = request.environment
        var limits = Limits(
            commitWithin: environment.commitWithin,
            failureBudget: environment.failureBudget,
            progressDeadline: environment.progressDeadline,
            prepareTimeout: environment.prepareTimeout,
            approveWithin: approvals > 0 ? environment.approveWithin : nil
        )
        guard request.spec != nil || environment.traffic != nil else { return limits }
        if let spec = request.spec { limits.activateTimeout = max(limits.activateTimeout, spec.activationTime) }
        if let traffic = environment.traffic {
            // Out, and back once the load balancer's own checks find the host well.
            let more = traffic.drainWithin + (request.spec?.checkDeadline ?? .zero)
            limits.activateTimeout = limits.activateTimeout + more
        }
        // A host that is still within its time is no reason to pause.
        limits.progressDeadline = max(limits.progressDeadline, limits.activateTimeout + Self.margin)
        return limits
    }

    /// Distinct people who must approve; nobody for what hosts do without a new order.
    var approvals: Int {
        guard request.catchUp == nil else { return 0 }
        return switch request.kind {
        case .deploy: request.environment.approvals
        case .rollback: request.isWayBack ? 0 : request.environment.approvals
        case .restart, .remove: 0
        }
    }

    fileprivate static let margin = TimeSpan.minutes(1)
}

extension ServiceSpec {
    /// The longest time that a host may take by what the service itself allows: out of traffic, stopped, started, not
    /// well until the last moment, then well for long enough, and back.
    fileprivate var activationTime: TimeSpan {
        let hookCount = Int64((hooks.drain.isEmpty ? 0 : 1) + (hooks.undrain.isEmpty ? 0 : 1))
        // Copies stop and start one after the other.
        let start = (Self.stopTimeout + startTimeout) * Int64(copies?.count ?? 1) + checkDeadline + healthyFor
        let hiding = hooks.drainFile.map { $0.wait + hooks.timeout * 2 } ?? .zero
        // Warmed up, it has its time to be well once more.
        let warmUp = hooks.warmUp == nil ? .zero : hooks.timeout + checkDeadline
        let idle = hooks.idle.map { $0.within + hooks.timeout } ?? .zero
        let job = job.map { $0.isTried ? $0.within * 2 : $0.within } ?? .zero
        return job + hooks.timeout * hookCount + hiding + idle + start + warmUp + Planner.margin
    }

    /// systemd's own default (systemd-system.conf(5), `DefaultTimeoutStopSec=`).
    private static let stopTimeout = TimeSpan.seconds(90)
}
