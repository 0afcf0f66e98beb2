package import Model

/// A blow to one host, when its change has come to a certain phase.
package struct Strike: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// And is started again by systemd.
        case agentDies
        /// And comes back after two minutes.
        case powerFails
    }

    package let kind: Kind
    /// Index in the plan.
    package let host: Int
    package let phase: ActivationPhase

    package init(_ kind: Kind, host: Int, in phase: ActivationPhase) {
        self.kind = kind
        self.host = host
        self.phase = phase
    }
}

extension Simulator {
    /// Strikes once what the scenario strikes at all.
    mutating func strike(_ host: Int, in phase: ActivationPhase) {
        guard !hasStruck, let strike = scenario.strike, strike.host == host, strike.phase == phase else { return }
        hasStruck = true
        switch strike.kind {
        case .agentDies: agenda.enter(.watchdog(host: host, run: hosts[host].run), at: now + 1)
        case .powerFails:
            agenda.enter(.power(host: host, isOn: false), at: now + 1)
            agenda.enter(.power(host: host, isOn: true), at: now + Self.powerless)
        }
    }

    /// Milliseconds without power.
    private static let powerless: Int64 = 120_000
}
