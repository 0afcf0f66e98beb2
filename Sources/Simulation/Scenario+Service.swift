import Activation
import Model

extension Scenario {
    /// What is deployed: its own file, the same in both releases.
    struct Service: Sendable {
        let spec: ServiceSpec
        let unit: UnitName
        /// Whether releases differ in what a process that goes on would not get.
        let changesStartup: Bool
        var checks: [Check] { spec.checks }

        static let name = ServiceName(validated: "web")
        static let environment = EnvironmentName(validated: "test")

        init(_ draw: inout SeededGenerator, seed: UInt64) {
            var spec = ServiceSpec(
                service: Self.name,
                unit: RelativePath("systemd/web.service").map(UnitSource.file) ?? .absent,
                healthyFor: .seconds(Int64(draw.number(0...5))),
                checkDeadline: .seconds(Int64(draw.number(5...20))),
                checkInterval: .seconds(Int64(draw.number(1...5))),
                checks: [Check(kind: .tcp(address: "127.0.0.1:80"))],
                hooks: draw.chance(50) ? Hooks(drain: ["bin/drain"], undrain: ["bin/undrain"]) : Hooks()
            )
            switch draw.number(0...99) {
            case 0..<30: spec.strategy = .reload
            case 30..<55:
                spec.strategy = .blueGreen
                spec.unit = RelativePath("systemd/web@.service").map(UnitSource.file) ?? spec.unit
                spec.instances = InstancePair(InstanceName(validated: "8081"), InstanceName(validated: "8082"))
            case _: break
            }
            Self.addHooks(to: &spec, seed: seed)
            self.spec = spec
            unit = spec.unit.unitName ?? UnitName(validated: "web.service")
            changesStartup = draw.chance(20)
        }

        /// Adds hooks by a generator of its own: without them, a seed is the world that it was.
        private static func addHooks(to spec: inout ServiceSpec, seed: UInt64) {
            var draw = SeededGenerator(seed: seed &* 83 &+ 29)
            if draw.chance(30) {
                spec.migration = Migration(
                    command: ["bin/migrate"],
                    isReversible: draw.chance(50),
                    timeout: .minutes(1)
                )
            }
            if spec.strategy == .restart, draw.chance(25), let job = RelativePath("systemd/web.service"),
                let timer = RelativePath("systemd/web.timer")
            {
                spec.unit = .file(timer)
                spec.job = TimedJob(unit: job, within: .seconds(Int64(draw.number(1...60))), isTried: draw.chance(50))
                return
            }
            if draw.chance(30) { spec.hooks.warmUp = ["bin/warm-up"] }
            if draw.chance(30) {
                spec.hooks.idle = IdleHook(command: ["bin/idle"], within: .seconds(Int64(draw.number(1...90))))
            }
        }

        /// What systemd reads of `release` to start it.
        func startup(of release: ReleaseID) -> Digest? {
            guard spec.strategy == .reload else { return nil }
            return changesStartup ? release.digest : Digest(bytes: [UInt8](repeating: 7, count: Digest.byteCount))
        }

        /// The unpacked `release`.
        func tree(of release: ReleaseID) -> ModelDisk.Tree {
            let installed = InstalledRelease(id: release, artifact: release.digest)
            return ModelDisk.Tree(installed: installed, spec: spec, startup: startup(of: release))
        }

        /// The disk of a host that has been running since long ago.
        func disk(_ start: Start) -> ModelDisk {
            func tree(_ release: ReleaseID, isConfirmed: Bool) -> ModelDisk.Tree {
                let installed = InstalledRelease(
                    id: release,
                    artifact: release.digest,
                    since: WallTime(milliseconds: 0),
                    isConfirmed: isConfirmed
                )
                return ModelDisk.Tree(installed: installed, spec: spec, startup: startup(of: release))
            }
            return ModelDisk(
                current: start.current.map { tree($0, isConfirmed: start.isConfirmed) },
                previous: start.previous.map { tree($0, isConfirmed: true) },
                instance: spec.instances?.first
            )
        }
    }
}
