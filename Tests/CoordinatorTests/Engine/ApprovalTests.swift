import Foundation
import Model
import Rollout
import Testing
import Trust

@testable import Coordinator

/// A rollout that waits for people: the engine, its ledger, the desk where they speak, and keys of the real `ssh-keygen`.
struct ApprovalTests {
    /// The rollout under way in this process, up to where it waits.
    private func waiting(_ fixture: RolloutFixture, _ rollout: StoredRollout, _ desk: ApprovalDesk) async throws
        -> ApprovalRequest
    {
        while true {
            if let request = try await desk.pending().first(where: { $0.rollout == rollout.id }) { return request }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test("A second engineer lets it go on, and hosts get exactly the bytes that were signed", .timeLimit(.minutes(1)))
    func approved() async throws {
        let fixture = try RolloutFixture(hosts: 2, approvals: 1)
        let keys = try Approvers()
        let hosts = MachineHosts(fixture.plan)
        let rollout = try await fixture.open()
        let engine = try await fixture.engine(rollout, hosts)
        let desk = ApprovalDesk(ledger: fixture.ledger, layout: keys.layout)
        async let running = engine.run(by: "alice@laptop")
        let request = try await waiting(fixture, rollout, desk)
        #expect(await hosts.materials.isEmpty)
        let now = CoordinatorClock().wall
        let order = try request.check(at: now)
        #expect(order.requester.text == "alice@laptop")
        let signature = try await ApprovalSigner(key: keys.key("bob")).sign(request.order)
        let approval = try await desk.approval(of: rollout, signature: signature, by: "x", at: now)
        let word = try await fixture.ledger.leave(.approve(approval), for: rollout.id, by: approval.person)
        #expect(approval.person == "bob@example.com")
        let summary = try await running
        #expect(summary.outcome == .succeeded, "\(summary.headline)")
        #expect(try await fixture.ledger.answer(toWord: word) == .taken)
        let materials = await hosts.materials
        #expect(materials.count == 2)
        #expect(materials.allSatisfy { $0.order == request.order && $0.approvals == [signature] })
        #expect(try await desk.pending().isEmpty)
    }

    @Test(
        "A coordinator started anew waits for the same order, and takes what was said meanwhile",
        .timeLimit(.minutes(1))
    )
    func resumed() async throws {
        let fixture = try RolloutFixture(hosts: 2, approvals: 1)
        let keys = try Approvers()
        let hosts = MachineHosts(fixture.plan)
        let rollout = try await fixture.open()
        let desk = ApprovalDesk(ledger: fixture.ledger, layout: keys.layout)
        let first = Task { _ = try? await fixture.engine(rollout, hosts).run(by: "alice@laptop") }
        let request = try await waiting(fixture, rollout, desk)
        first.cancel()
        await first.value
        let signature = try await ApprovalSigner(key: keys.key("bob")).sign(request.order)
        let approval = try await desk.approval(of: rollout, signature: signature, by: "x", at: CoordinatorClock().wall)
        _ = try await fixture.ledger.leave(.approve(approval), for: rollout.id, by: approval.person)
        let stored = try #require(try await fixture.ledger.rollout(rollout.id.number))
        let summary = try await fixture.engine(stored, hosts).run(by: "carol@desk")
        #expect(summary.outcome == .succeeded, "\(summary.headline)")
        #expect(await hosts.materials.first?.order == request.order)
    }

    @Test("Who may not approve, or has signed something else, hears so at once", .timeLimit(.minutes(1)))
    func refused() async throws {
        let fixture = try RolloutFixture(hosts: 1, approvals: 1)
        let keys = try Approvers()
        let rollout = try await fixture.open()
        let engine = try await fixture.engine(rollout, MachineHosts(fixture.plan))
        let desk = ApprovalDesk(ledger: fixture.ledger, layout: keys.layout)
        async let running = engine.run(by: "alice@laptop")
        let request = try await waiting(fixture, rollout, desk)
        for (key, bytes, says) in [
            ("mallory", request.order, "nobody in"), ("bob", Array("another".utf8), "is not one on the order of R1"),
        ] {
            let signature = try await ApprovalSigner(key: keys.key(key)).sign(bytes)
            let error = await #expect(throws: CoordinatorError.self) {
                try await desk.approval(of: rollout, signature: signature, by: "x", at: CoordinatorClock().wall)
            }
            #expect(error?.advice.contains(says) == true, "\(error.map { "\($0)" } ?? "")")
        }
        await engine.say(.abort(reason: "test"), by: "alice@laptop")
        #expect(try await running.outcome == .aborted)
    }

    struct Lie: CustomTestStringConvertible, Sendable {
        let what: String
        let says: String
        let tell: @Sendable (inout Order) -> Void
        var testDescription: String { what }
    }

    @Test(
        "What a coordinator shows and has signed are compared by whoever signs",
        arguments: [
            Lie(what: "another plan", says: "another plan than the one shown") { $0.plan = $0.release },
            Lie(what: "another release", says: "another release than the one shown") { $0.release = $0.plan },
            Lie(what: "more hosts", says: "names other hosts") { $0.hosts.append(HostID(validated: "web-9")) },
            Lie(what: "another service", says: "is for another service") { $0.service = ServiceName(validated: "api") },
            Lie(what: "another environment", says: "another environment") {
                $0.environment = EnvironmentName(validated: "dev")
            },
            Lie(what: "another rollout", says: "of another rollout") {
                $0.rollout = RolloutID(ledger: $0.rollout.ledger, number: 9)
            },
            Lie(what: "years", says: "is valid until") { $0.validUntil = $0.validUntil + .days(3650) },
        ]
    )
    func check(_ lie: Lie) throws {
        let fixture = try RolloutFixture(hosts: 2, approvals: 1)
        let now = RolloutFixture.now
        let id = RolloutID(ledger: LedgerID(validated: "aaaaaaaa-0000-0000-0000-000000000000"), number: 1)
        let writer = OrderWriter(release: fixture.release, provenance: [])
        let written = try writer.order(fixture.plan, rollout: id, epoch: Epoch(1), requester: "alice@laptop", at: now)
        func request(_ order: Order) throws -> ApprovalRequest {
            ApprovalRequest(
                rollout: id,
                plan: fixture.plan,
                order: try CanonicalJSON.encode(order),
                people: [],
                until: now + .hours(1)
            )
        }
        #expect(try request(written.order).check(at: now) == written.order)
        var order = written.order
        lie.tell(&order)
        let error = try #require(throws: CoordinatorError.self) { try request(order).check(at: now) }
        #expect(error.advice.contains(lie.says), "\(error)")
    }

    @Test("An order that nobody approves in time is written anew, by the wall clock", .timeLimit(.minutes(1)))
    func lapses() async throws {
        let fixture = try RolloutFixture(hosts: 1, approvals: 1, approveWithin: .milliseconds(300))
        let keys = try Approvers()
        let rollout = try await fixture.open()
        let engine = try await fixture.engine(rollout, MachineHosts(fixture.plan))
        let desk = ApprovalDesk(ledger: fixture.ledger, layout: keys.layout)
        async let running = engine.run(by: "alice@laptop")
        let first = try await waiting(fixture, rollout, desk)
        while try await waiting(fixture, rollout, desk).order == first.order {
            try await Task.sleep(for: .milliseconds(20))
        }
        await engine.say(.abort(reason: "test"), by: "alice@laptop")
        #expect(try await running.outcome == .aborted)
    }
}

/// Keys of a few people, and a workspace that lets alice and bob approve, and night break the glass.
final class Approvers: Sendable {
    private let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/fleet-approvers-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var lines: [String] = []
        for person in ["alice", "bob", "mallory", "night"] {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/ssh-keygen")
            process.arguments = ["-q", "-t", "ed25519", "-N", "", "-C", person, "-f", key(person)]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            let words = try String(contentsOfFile: "\(key(person)).pub", encoding: .utf8).split(separator: " ")
            let line = "\(person)@example.com \(words[0]) \(words[1])"
            if ["alice", "bob"].contains(person) { lines.append(line) }
            if person == "night" { try line.write(toFile: layout.breakGlass, atomically: false, encoding: .utf8) }
        }
        try lines.joined(separator: "\n").write(toFile: layout.approvers, atomically: false, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var layout: WorkspaceLayout { WorkspaceLayout(root: directory) }
    func key(_ person: String) -> String { "\(directory)/\(person)" }
}
