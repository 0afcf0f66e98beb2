import Model
import Testing

extension EndToEnd {
    /// In which order the hosts of several regions change, and which of them at once.
    @Suite struct RegionTests {
        /// h1 is alone, the others are two regions of two.
        private static let places = ["ap", "eu", "eu", "us", "us"].map { "region: \($0)" }

        @Test(
            "A canary by its name, then two regions at once, each with one host in flight, then the rest: exit code 0"
        )
        func together() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let stages = ["canary: [h3]", "regions: [us, eu], window: 1", "rest: true"]
                let file = FleetFile(places: Self.places, floor: "2", stages: stages)
                try await fleet.begin(with: "5.20", file)
                let next = try await fleet.build("5.21", healthyFor: "3s")
                let traffic = try await Traffic(fleet, floor: 2)
                let end = try await fleet.rollOut(next, code: .succeeded)
                let seen = try await traffic.stop()
                #expect(seen.lowest >= 2 && seen.belowFloor == 0, "\(seen)")

                let turns = Turns(end.messages, release: "5.21")
                #expect(turns.order.first == "h3" && turns.order.last == "h1", "\(end)")
                #expect(turns.areAtOnce("h2", "h4") && !turns.areAtOnce("h4", "h5"), "\(end)")
                try await fleet.expect(1...5, run: "5.21", phase: .committed)
            }
        }

        @Test("The region with the least weight first; one that has a floor keeps it, whatever the window: exit code 0")
        func ascending() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                var file = FleetFile(places: Self.places, floor: "2", window: 2, stages: ["regions: ascending"])
                file.regions = "{eu: {floor: 1}}"
                try await fleet.begin(with: "5.22", file)
                let next = try await fleet.build("5.23", healthyFor: "3s")
                let end = try await fleet.rollOut(next, code: .succeeded)
                let turns = Turns(end.messages, release: "5.23")
                #expect(turns.order.first == "h1" && Set(turns.order.suffix(2)) == ["h4", "h5"], "\(end)")
                #expect(!turns.areAtOnce("h2", "h3") && turns.areAtOnce("h4", "h5"), "\(end)")
                try await fleet.expect(1...5, run: "5.23", phase: .committed)
            }
        }
    }
}

/// When hosts began and ended, as a rollout says it.
private struct Turns {
    /// Who began, one after the other.
    let order: [String]
    private let lines: [String]

    init(_ messages: String, release: String) {
        lines = messages.matches(of: /h[0-9]+ (?:switches to [^-\s]+|is done)/).map { String($0.output) }
        order = lines.filter { $0.hasSuffix("switches to \(release)") }.map { String($0.prefix { $0 != " " }) }
    }

    /// Whether both had begun before either had ended.
    func areAtOnce(_ one: String, _ other: String) -> Bool {
        let ends = lines.indices.filter { ["\(one) is done", "\(other) is done"].contains(lines[$0]) }
        guard let end = ends.first else { return false }
        return [one, other].allSatisfy { host in lines[..<end].contains { $0.hasPrefix("\(host) switches") } }
    }
}
