/// What a scenario writes into `fleet.yml` for the service that it deploys.
struct FleetFile: Sendable {
    var service = "hello"
    /// Numbers of the hosts; nil stands for all.
    var hosts: [Int]?
    /// Where each of them is, for example `region: eu, zone: a`.
    var places: [String] = []
    var floor: String?
    var window = 1
    /// Rules of regions, for example `{eu: {floor: 1}}`.
    var regions: String?
    var stages: [String] = []
    var config = ["GREETING": "hello"]
    /// Further keys of the environment, for example `commit_within: 10s`.
    var settings: [String] = []
    /// Further services, as lines below `services`.
    var others: [String] = []

    static let environment = "test"

    /// The file's text for a fleet of `count` hosts with these addresses.
    func text(addresses: [String]) -> String {
        let numbers = hosts ?? Array(1...addresses.count)
        var lines = ["fleet: e2e", "services:", "  \(service):", "    environments:", "      \(Self.environment):"]
        func add(_ line: String) { lines.append("        \(line)") }
        add("hosts:")
        for (index, number) in numbers.enumerated() {
            let place = places.isEmpty ? "" : ", \(places[index])"
            add("  - {name: h\(number), address: \(addresses[number - 1])\(place)}")
        }
        let floor = floor.map { "floor: \($0), " } ?? ""
        let rules = regions.map { ", regions: \($0)" } ?? ""
        add("capacity: {\(floor)window: \(window)\(rules)}")
        if !stages.isEmpty {
            add("stages:")
            for stage in stages { add("  - {\(stage)}") }
        }
        let entries = config.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        add("config: {\(entries.joined(separator: ", "))}")
        for setting in settings { add(setting) }
        lines += others.map { "  \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }
}
