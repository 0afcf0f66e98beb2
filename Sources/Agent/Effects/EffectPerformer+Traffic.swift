internal import Activation
internal import Model

extension EffectPerformer {
    private var haproxy: HAProxyRuntime { HAProxyRuntime(group: host.checks.group) }

    /// What every load balancer does with this host; one that does not say so is a failure of the whole look.
    func look(_ look: TrafficLook) async throws -> EffectResult {
        if look.after > .zero { try await Task.sleep(for: look.after.duration) }
        let states = try await withThrowingTaskGroup(of: (Int, TrafficState).self) { [haproxy] group in
            for (index, server) in look.servers.enumerated() {
                group.addTask { (index, try await haproxy.look(at: server)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        return .traffic(states.sorted { $0.0 < $1.0 }.map(\.1))
    }

    /// Tells one load balancer after the other; the first that does not take the word ends it.
    func direct(_ order: TrafficOrder) async throws -> EffectResult {
        for server in order.servers {
            try await haproxy.set(server, to: order.admission)
            Failpoint.pass(.betweenTraffic)
        }
        return .done
    }
}
