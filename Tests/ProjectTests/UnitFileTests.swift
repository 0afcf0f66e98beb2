import Foundation
import Testing

/// The units that the packages bring, held against what their programs need.
struct UnitFileTests {
    @Test("The agent's filter lets fleet-unpack take every call by which it confines itself")
    func sandboxCalls() throws {
        let unit = try String(
            contentsOf: Checkout.root.appendingPathComponent("systemd/agent.service"),
            encoding: .utf8
        )
        let filter = unit.split(separator: "\n").first { $0.hasPrefix("SystemCallFilter=") }
        let allowed = Set(filter?.dropFirst("SystemCallFilter=".count).split(separator: " ").map(String.init) ?? [])
        // None of these is in @system-service; prctl, capset and setrlimit are.
        let needed = ["seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "chroot"]
        #expect(allowed.isSuperset(of: needed + ["@system-service"]))
    }
}
