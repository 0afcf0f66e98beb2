import Testing

extension EndToEnd {
    /// Where in the agent a host is changed.
    @Suite struct EffectThreadTests {
        @Test(
            "One thread alone changes releases, links, unit files and journal; beside it only the sandboxed child unpacks"
        )
        func oneThread() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try await fleet.begin(with: "9.0", FleetFile(floor: "0"))
                let next = try await fleet.build("9.1", healthyFor: "200ms")
                try fleet.edit(next, "systemd/hello.service", replace: "[Service]", with: "# another\n[Service]")
                let tracer = try await Tracer(fleet, thread: nil, ["-f", "--decode-pids=comm"])
                try await fleet.rollOut(next, code: .succeeded)
                try await fleet.fleet("rollback", "hello", "--env", FleetFile.environment, "--yes", code: .succeeded)
                // `1234<fleet-effects> renameat(5</srv/hello>, …`
                let lines = try await tracer.detach().split(whereSeparator: \.isNewline)
                let changes = lines.compactMap { line -> (thread: String, call: SystemCall)? in
                    guard let open = line.firstIndex(of: "<"), let close = line.firstIndex(of: ">") else { return nil }
                    let text = line[line.index(after: close)...].drop { $0 == " " }
                    return SystemCall.parse(String(text)).first.map {
                        (String(line[line.index(after: open)..<close]), $0)
                    }
                }
                let places = ["/srv/", "/etc/systemd/system", "/var/lib/fleet/agent.db", "/var/lib/fleet/units"]
                var counts: [String: Int] = [:]
                for (thread, call) in changes where places.contains(where: { call.text.contains($0) }) {
                    counts[thread, default: 0] += 1
                    let isRight = ["fleet-effects", "fleet-unpack"].contains(thread)
                    #expect(isRight, "\(thread) changes the host: \(call.text)")
                }
                // Enough was seen to say so.
                #expect(
                    counts["fleet-effects", default: 0] > 100 && counts["fleet-unpack", default: 0] > 3,
                    "\(counts)"
                )
            }
        }
    }
}
