import Model
import Rollout
import Testing

/// Hosts that can't be reached as a rollout begins.
struct OfflineTests {
    private func fleet(_ policy: OfflinePolicy?, _ count: Int = 4) throws -> Fleet {
        try Fleet(count, floor: 1) { $0.offline = policy }
    }

    @Test("Without a word it pauses, as ever", arguments: [nil, .pause] as [OfflinePolicy?])
    func pause(_ policy: OfflinePolicy?) throws {
        var fleet = try fleet(policy)
        #expect(fleet.plan.offline == nil)
        fleet.muster(absent: [3])
        #expect(fleet.machine.view.pause?.cause == .unreachable)
    }

    @Test("It ends refused, with nothing changed and nothing claimed")
    func fail() throws {
        var fleet = try fleet(.fail)
        fleet.muster(absent: [3])
        #expect(fleet.summary?.outcome == .refused)
        #expect(fleet.summary?.headline == "refused: web-4 can't be reached; nothing was changed")
        #expect(fleet.sent.isEmpty)
    }

    @Test("A host that is lost before the first switch ends it, too, and the claims are given back")
    func failLate() throws {
        var fleet = try fleet(.fail)
        fleet.muster()
        for _ in 0..<8 {
            guard let (host, id, ask) = fleet.next() else { break }
            fleet.answer(host, id, ask)
        }
        fleet.tell(.lost(host: 3))
        fleet.wait(.minutes(1), .reach(host: 3))
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .refused)
        #expect(fleet.started.isEmpty)
    }

    @Test("It waits for hosts, and begins when the last has come")
    func wait() throws {
        var fleet = try fleet(.wait(.minutes(30)))
        fleet.muster(absent: [1, 3])
        #expect(fleet.sent.isEmpty)
        #expect(fleet.machine.view.why == "waits for web-2, web-4")
        fleet.now += 60_000
        fleet.tell(.connected(host: 1))
        fleet.report(1)
        #expect(fleet.machine.view.why == "waits for web-4")
        fleet.now += 600_000
        fleet.tell(.connected(host: 3))
        fleet.report(3)
        #expect(fleet.machine.view.phase == .inspecting)
        #expect(fleet.sent.count == 4)
    }

    @Test("Waited for in vain, they pause it; the wait goes on where a coordinator that was started anew left it")
    func waitsInVain() throws {
        var fleet = try fleet(.wait(.minutes(30)))
        fleet.muster(absent: [3])
        fleet.now += 1_200_000
        let before = fleet.now
        try fleet.restart()
        // Host 3 has said nothing to the new one either: `restart` has brought all of them.
        #expect(fleet.machine.view.phase == .inspecting)
        #expect(before > fleet.now)

        var patient = try self.fleet(.wait(.minutes(30)))
        patient.muster(absent: [3])
        patient.wait(.minutes(29), .muster)
        #expect(patient.machine.view.pause == nil)
        patient.wait(.minutes(1), .muster)
        #expect(patient.machine.view.pause?.cause == .unreachable)
        #expect(patient.machine.view.pause?.message.contains("web-4 can't be reached") == true)
    }

    @Test("So many are left out by name, and the outcome is incomplete")
    func skip() throws {
        var fleet = try fleet(.skip(1))
        fleet.tell(.started(holder: "alice@laptop", at: WallTime(milliseconds: 0)))
        var said: [RolloutAction] = []
        for host in 0..<4 {
            if host == 3 {
                said += fleet.tell(.lost(host: host))
            } else {
                fleet.tell(.connected(host: host))
                fleet.report(host)
            }
        }
        #expect(said.contains(.announce(.leftOut(hosts: [3]))))
        fleet.prepareAll()
        for _ in 0..<3 { fleet.updateNext() }
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .incomplete)
        #expect(fleet.summary?.headline.contains("not reached: web-4") == true)
        #expect(fleet.summary?.advice?.contains("fleet catch-up") == true)
        #expect(fleet.results().last == .unreachable)
    }

    @Test("More than that pause it, and one that is lost later is a failure")
    func skipNoMore() throws {
        var many = try fleet(.skip(1))
        many.muster(absent: [2, 3])
        #expect(many.machine.view.pause?.cause == .unreachable)

        var late = try fleet(.skip(1))
        late.muster(absent: [3])
        late.prepareAll()
        late.updateNext()
        late.tell(.lost(host: 2))
        late.wait(.minutes(1), .reach(host: 2))
        late.updateNext()
        #expect(late.machine.view.phase == .rollingBack)
    }

    @Test("A way back and a restart wait for no host that is away", arguments: [Plan.Kind.rollback, .restart])
    func kinds(_ kind: Plan.Kind) throws {
        let fleet = try Fleet(4, kind: kind) { $0.offline = .fail }
        #expect(fleet.plan.offline == nil)
    }
}
