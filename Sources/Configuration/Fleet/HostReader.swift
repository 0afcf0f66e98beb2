internal import Model

/// Reads one entry of `hosts`: a name alone, or a mapping.
enum HostReader {
    /// Heavier than any honest ratio between two servers.
    static let weights = 1...10_000

    static func read(_ node: Node, findings: Findings) -> Host? {
        if case .scalar = node.content {
            return findings.value(node, "hosts", HostID.init(parsing:)).map { Host(id: $0, address: $0.text) }
        }
        guard let reader = MappingReader<FleetKeys.Host>(node, "a host", findings: findings),
            let id = reader.requiredValue(.name, HostID.init(parsing:))
        else { return nil }
        var host = Host(id: id, address: id.text)
        host.address = reader.value(.address, address) ?? host.address
        host.port = reader.number(.port, in: 1...65_535) ?? host.port
        host.region = reader.value(.region, RegionName.init(parsing:))
        host.zone = reader.value(.zone, ZoneName.init(parsing:))
        host.weight = reader.number(.weight, in: weights) ?? host.weight
        host.labels = labels(reader)
        return host
    }

    private static func labels(_ reader: MappingReader<FleetKeys.Host>) -> [HostLabel]? {
        let nodes = reader.list(.labels, of: "labels") ?? []
        let labels = nodes.compactMap { reader.findings.value($0, "labels", HostLabel.init(parsing:)) }
        return labels.isEmpty ? nil : labels
    }

    static func address(_ text: String) throws(ModelError) -> String {
        guard HostPort.isHost(text) else {
            let advice = "is no address: write an IP address or a DNS name, the port apart under 'port'"
            throw ModelError(.invalidName, found: text, advice: advice)
        }
        return text
    }
}
