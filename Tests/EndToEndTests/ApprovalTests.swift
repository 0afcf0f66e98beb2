import Foundation
import Model
import Testing

extension EndToEnd {
    /// Approvals that the hosts themselves demand.
    @Suite struct ApprovalTests {
        @Test("Hosts that demand an approval take a release once a second engineer has signed, and not before")
        func secondEngineer() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try await fleet.begin(with: "60.0", FleetFile(floor: "1"))
                try await fleet.makeKey("dana")
                try await fleet.makeKey("tester")
                try await fleet.demandApproval(by: ["dana", "tester"])

                // A coordinator that asks nobody moves no host.
                let next = try await fleet.build("60.1")
                let unasked = try await fleet.fleet(next.rollout)
                try #require(unasked.code == ExitCode.refused.rawValue, "\(unasked)")
                #expect("\(unasked)".contains("needs the approval of 1 person"), "\(unasked)")
                try await fleet.expect(1...2, run: "60.0")

                try fleet.describe(FleetFile(floor: "1", settings: ["approvals: 1"]))
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "needs the approval of 1 person", from: rollout)
                let listed = try await fleet.fleet("approvals", code: .succeeded)
                #expect(listed.output.contains("60.1"), "\(listed)")
                // Whoever asked for it is one of those who approve, and alone not enough.
                try await fleet.fleet("approve", "--key", "tester", "--yes", code: .succeeded)
                let waiting = try await fleet.fleet("approvals", code: .succeeded)
                #expect(waiting.output.contains("tester@example.com"), "\(waiting)")
                try #require(rollout.isRunning)
                for host in 1...2 { try await fleet.expectAnswer(host, "60.0") }

                let approved = try await fleet.fleet("approve", "--key", "dana", "--yes", code: .succeeded)
                #expect(approved.messages.contains("Deploy hello 60.1"), "\(approved)")
                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...2, run: "60.1", phase: .committed)

                // The way back to what was confirmed needs nobody.
                let place = FleetFile.environment
                let back = try await fleet.fleet("rollback", "hello", "--env", place, "--yes")
                try #require(back.code == ExitCode.succeeded.rawValue, "\(back)")
                try await fleet.expect(1...2, run: "60.0", phase: .committed)
            }
        }

        @Test("On a host that the coordinator can't reach, an approved order is carried out by hand, once")
        func carriedByHand() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                let label = try await fleet.rollOutPast(2, from: "63.0", to: "63.1")
                try await fleet.fleet("approvals", label, "--export", "order.json", code: .succeeded)
                let order = try String(contentsOfFile: "\(fleet.directory)/order.json", encoding: .utf8)
                try await fleet.shell(2, "cat >/root/order.json <<'END'\n\(order)END")

                // What the host demands is said beforehand, and not done without.
                for command in ["plan", "apply"] {
                    let words = ["agent", command, "/root/hello-63.1.tar", "--env", FleetFile.environment]
                    let refused = try await fleet.onHost(2, words)
                    try #require(refused.code == ExitCode.refused.rawValue, "\(refused)")
                    #expect("\(refused)".contains("demands the approval of 1 person"), "\(refused)")
                }
                let ordered = ["/root/hello-63.1.tar", "--order", "/root/order.json"]
                let plan = try await fleet.onHost(2, ["agent", "plan"] + ordered)
                try #require(plan.code == ExitCode.succeeded.rawValue, "\(plan)")
                #expect(plan.output.contains("approvals   of dana@example.com"), "\(plan)")
                let applied = try await fleet.onHost(2, ["agent", "apply"] + ordered)
                try #require(applied.code == ExitCode.succeeded.rawValue, "\(applied)")
                let report = try await fleet.expectReport(2, of: "hello", runs: "63.1", phase: .committed)
                #expect(report.held?.contains("by the order of \(label)") == true, "\(report)")

                // The confirmed predecessor is everybody's way back, and the order is used up.
                try await fleet.shell(2, "agent rollback hello")
                try await fleet.expectReport(2, of: "hello", runs: "63.0", phase: .committed)
                let again = try await fleet.onHost(2, ["agent", "apply"] + ordered)
                try #require(again.code == ExitCode.refused.rawValue, "\(again)")
                #expect("\(again)".contains("was accepted"), "\(again)")
                let further = try await fleet.onHost(2, "agent", "rollback", "hello", "--to", "63.1")
                try #require(further.code == ExitCode.refused.rawValue, "\(further)")
                #expect("\(further)".contains("demands the approval of 1 person"), "\(further)")
                try await fleet.expectReport(2, of: "hello", runs: "63.0")
            }
        }

        @Test("A host that was away catches up by the approvals that there are; nobody is asked again")
        func catchUp() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                let label = try await fleet.rollOutPast(2, from: "64.0", to: "64.1")
                try await fleet.power("plug", 2)
                try await fleet.expectAnswer(2, "64.0")
                let caught = try await fleet.fleet("catch-up", label, "--yes", code: .succeeded)
                #expect(!caught.messages.contains("needs the approval"), "\(caught)")
                try await fleet.expect(1...2, run: "64.1", phase: .committed)
            }
        }

        @Test("A break-glass key stands for the approvals, and every status says so")
        func breakGlass() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try await fleet.begin(with: "61.0", FleetFile(floor: "0"))
                try await fleet.makeKey("dana")
                try await fleet.makeKey("safe")
                try await fleet.demandApproval(by: ["dana"], breakGlass: ["safe"])
                try fleet.describe(FleetFile(floor: "0", settings: ["approvals: 1"]))
                let next = try await fleet.build("61.1")
                let rollout = try fleet.startFleet(next.rollout + ["--reason", "the site is down"])
                try await fleet.waits(for: "needs the approval of 1 person", from: rollout)
                try await fleet.fleet("approve", "--key", "safe", "--break-glass", "--yes", code: .succeeded)
                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                let status = try await fleet.fleet("status", code: .succeeded)
                #expect(status.output.contains("BREAK-GLASS by safe"), "\(status)")
                let there = try await fleet.onHost(1, "agent", "status")
                #expect("\(there)".contains("the site is down"), "\(there)")
            }
        }
    }
}

extension Fleet {
    /// An approved rollout of `next` while `absent`, where its artifact lies, can't be reached; answers its label.
    fileprivate func rollOutPast(
        _ absent: Int,
        from first: String,
        to next: String
    ) async throws -> String {
        try await begin(with: first, FleetFile(floor: "0"))
        try await makeKey("dana")
        try await demandApproval(by: ["dana"])
        try describe(FleetFile(floor: "0", settings: ["approvals: 1"]))
        let artifact = try await artifact(try await build(next))
        try await bring(artifact, to: absent)
        try await power("unplug", absent)
        let words = ["rollout", "hello", "--artifact", artifact, "--env", FleetFile.environment, "--yes"]
        let paused = try await fleet(words)
        try #require(paused.code == ExitCode.paused.rawValue, "\(paused)")
        let label = String(try #require(paused.output.firstMatch(of: /R[0-9]+/), "\(paused)").output)
        let rollout = try startFleet(["resume", label])
        try await waits(for: "needs the approval of 1 person", from: rollout)
        try await fleet("approve", "--key", "dana", "--yes", code: .succeeded)
        let end = try await rollout.end()
        try #require(end.code == ExitCode.incomplete.rawValue, "\(end)")
        #expect(end.output.contains("fleet catch-up \(label)"), "\(end)")
        return label
    }
}
