import Activation
import Model
import Testing

/// A release in several instances of a template unit, which change together.
struct CopiesTests {
    private static let names = ["1", "2", "3"].map { InstanceName(validated: $0) }

    private func rig() -> Rig {
        var rig = Rig()
        rig.world.spec = Fixture.spec(hooks: false)
        rig.world.spec.unit = RelativePath("systemd/web@.service").map(UnitSource.file) ?? .absent
        rig.world.spec.copies = Self.names
        rig.world.spec.checks = [
            Check(kind: .tcp(address: "127.0.0.1:808{instance}")), Check(kind: .tcp(address: "127.0.0.1:9090")),
        ]
        rig.deploy(1)
        return rig
    }

    private func runs(_ release: Int) -> [InstanceName?: ReleaseID] {
        Dictionary(uniqueKeysWithValues: Self.names.map { ($0, Fixture.id(release)) })
    }

    private static func words(_ effect: Effect) -> String {
        switch effect {
        case .stop(let units): "stop \(units.map(\.text).joined(separator: "+"))"
        case .start(let startup):
            "start \(startup.units.map(\.text).joined(separator: "+"))"
        case .check(let run): "check \(run.checks.map(\.label).joined(separator: "+"))"
        case .switchTo(let change): "link \(change.instances.map(\.instance.text).joined(separator: "+"))"
        case .verify, .reserve, .unpack, .inspect, .install, .armDeadMan, .migrate, .askIdle, .restore, .handOver,
            .reload, .runHook, .lookAtTraffic, .directTraffic:
            Rig.name(effect)
        }
    }

    @Test("All stop, are linked, and start; a check that names the instance is asked of each, any other once")
    func together() {
        var rig = rig()
        #expect(rig.world.runs == runs(1))
        _ = rig.prepare(2)
        _ = rig.begin(2)
        let all = "web@1.service+web@2.service+web@3.service"
        let checks = "check tcp 127.0.0.1:8081+tcp 127.0.0.1:8082+tcp 127.0.0.1:8083+tcp 127.0.0.1:9090"
        #expect(
            rig.steps(Self.words) == ["armDeadMan", "stop \(all)", "link 1+2+3", "start \(all)", checks, "armDeadMan"]
        )
        #expect(rig.phase == .awaitingCommit && rig.world.runs == runs(2))
        _ = rig.commit(2)
        #expect(rig.world.machine.linkedDeployment?.unit?.text == "web@1.service")
        #expect(rig.world.violations == [])
    }

    @Test("A release that fails goes from all of them, and the old one is back in all of them")
    func back() {
        var rig = rig()
        rig.world.failingChecks.insert(Fixture.id(2))
        _ = rig.prepare(2)
        _ = rig.activate(2)
        #expect(rig.phase == .reverted && rig.current == Fixture.id(1))
        #expect(rig.world.runs == runs(1))
        #expect(rig.world.violations == [])
    }

    @Test("An instance that the next release has no more is stopped, and starts at boot no more")
    func fewer() {
        var rig = rig()
        rig.world.spec.copies = Array(Self.names.prefix(2))
        _ = rig.prepare(2)
        _ = rig.begin(2)
        var retired: [[String]] = []
        _ = rig.steps { effect in
            if case .switchTo(let change) = effect { retired.append(change.retires.map(\.text)) }
            return Rig.name(effect)
        }
        #expect(retired == [["web@3.service"]])
        #expect(Set(rig.world.runs.keys) == Set(Self.names.prefix(2)))
        #expect(rig.world.violations == [])
    }

    @Test("An agent that dies at any effect leaves all of them on one release", arguments: 0..<8)
    func killed(after effects: Int) {
        var rig = rig()
        _ = rig.prepare(2)
        _ = rig.begin(2)
        for _ in 0..<effects { rig.world.finishEffect() }
        rig.world.crash(applying: effects % 2 == 0)
        _ = rig.steps()
        let release = rig.phase == .awaitingCommit ? 2 : 1
        #expect(rig.world.runs == runs(release), "\(String(describing: rig.phase))")
        #expect(rig.world.violations == [])
    }
}
