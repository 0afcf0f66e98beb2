package import Model

/// Whether a service may be stopped, or switched, now.
package struct IdleQuestion: Hashable, Codable, Sendable {
    package enum Subject: Hashable, Codable, Sendable {
        /// A command of the release that runs says so by its exit code.
        case hook(HookRun)
        /// systemd says whether this unit runs.
        case job(UnitName)
    }

    package let subject: Subject
    /// Pause before it is asked.
    package let after: TimeSpan

    package init(_ subject: Subject, after: TimeSpan) {
        self.subject = subject
        self.after = after
    }

    init?(of deployment: Deployment?, after: TimeSpan = .zero) {
        if let job = deployment?.job {
            self.init(.job(job), after: after)
        } else if let hook = HookRun(.idle, of: deployment) {
            self.init(.hook(hook), after: after)
        } else {
            return nil
        }
    }
}

extension Deployment {
    /// Time that it may be busy before it is put back; nil where nobody asks.
    var idleWithin: TimeSpan? { spec.job?.within ?? spec.hooks.idle?.within }
}
