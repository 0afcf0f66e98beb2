internal import Model

/// Reads `traffic` of an environment.
enum TrafficReader {
    private static let spans = TimeSpan.seconds(1)...TimeSpan.hours(1)

    static func read(_ node: Node, _ findings: Findings) -> TrafficPolicy? {
        guard let reader = MappingReader<FleetKeys.Traffic>(node, "traffic", findings: findings),
            let list = reader.required(.haproxy)
        else { return nil }
        let nodes = reader.list(.haproxy, of: "load balancers") ?? []
        if case .sequence([]) = list.content {
            findings.add(.invalidValue, at: list.mark, "haproxy: name at least one load balancer")
        }
        let balancers = nodes.compactMap { balancer($0, findings) }
        var policy = TrafficPolicy(loadBalancers: balancers)
        policy.drainWithin = reader.span(.drainWithin, in: spans) ?? policy.drainWithin
        policy.onSessionsLeft =
            reader.choice(.onSessionsLeft, among: SessionsLeftPolicy.allCases) ?? policy.onSessionsLeft
        return policy
    }

    private static func balancer(_ node: Node, _ findings: Findings) -> LoadBalancer? {
        guard let reader = MappingReader<FleetKeys.HAProxy>(node, "a load balancer", findings: findings) else {
            return nil
        }
        let address = reader.requiredValue(.socket, address)
        guard let backend = reader.requiredValue(.backend, LoadBalancer.validated(name:)), let address else {
            return nil
        }
        let server = reader.value(.server, LoadBalancer.validated(server:)) ?? LoadBalancer.host
        return LoadBalancer(address: address, backend: backend, server: server)
    }

    /// A path on the host, or `HOST:PORT`.
    private static func address(_ text: String) throws(ModelError) -> String {
        guard text.hasPrefix("/") else { return try HostPort(parsing: text).description }
        _ = try RelativePath(parsing: String(text.dropFirst()))
        return text
    }
}
