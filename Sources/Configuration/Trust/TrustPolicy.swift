package import Model

/// What a host demands before it takes a release, beyond what every host demands; its own word, that no rollout changes.
package struct TrustPolicy: Hashable, Sendable {
    /// Holds for the releases of a service, of an environment, of a service there, or for all.
    package struct Rule: Hashable, Sendable {
        package var service: ServiceName?
        package var environment: EnvironmentName?
        /// Distinct keys of trusted builders that must vouch for the artifact.
        package var builders: Int
        /// Time after its build in which an artifact is taken; nil for ever.
        package var maximumAge: TimeSpan?
        /// What must be said of the artifact besides.
        package var attestations: [AttestationDemand] = []
        /// Distinct people whose approval of the order is demanded.
        package var approvals: Int

        func covers(_ service: ServiceName, _ environment: EnvironmentName) -> Bool {
            (self.service ?? service) == service && (self.environment ?? environment) == environment
        }
    }

    /// Approvals of the order by distinct people: the strictest rule that covers the release holds, as for builders.
    package func approvals(of service: ServiceName, in environment: EnvironmentName) -> Int {
        rules.filter { $0.covers(service, environment) }.map(\.approvals).max() ?? 0
    }

    package var rules: [Rule]

    package init(rules: [Rule] = []) { self.rules = rules }

    /// Builders that must vouch: the strictest rule that covers the release holds, whatever their order.
    package func builders(of service: ServiceName, in environment: EnvironmentName) -> Int {
        rules.filter { $0.covers(service, environment) }.map(\.builders).max() ?? 1
    }

    /// The shortest age of all rules that cover the release, nil for any.
    package func maximumAge(of service: ServiceName, in environment: EnvironmentName) -> TimeSpan? {
        rules.filter { $0.covers(service, environment) }.compactMap(\.maximumAge).min()
    }

    /// The demands of all rules that cover the release, each once.
    package func attestations(
        of service: ServiceName,
        in environment: EnvironmentName
    ) -> [AttestationDemand] {
        var seen: Set<AttestationDemand> = []
        return rules.filter { $0.covers(service, environment) }.flatMap(\.attestations).filter {
            seen.insert($0).inserted
        }
    }
}
