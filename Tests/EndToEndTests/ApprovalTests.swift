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
