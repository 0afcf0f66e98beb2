import Activation
import Model

extension Scenario {
    /// What is deployed: its own file, the same in both releases.
    struct Service: Sendable {
        let spec: ServiceSpec
        let unit: UnitName
        var checks: [Check] { spec.checks }

        static let name = ServiceName(validated: "web")
        static let environment = EnvironmentName(validated: "test")

        init(_ draw: inout SeededGenerator) {
            unit = UnitName(validated: "web.service")
            spec = ServiceSpec(
                service: Self.name,
                unit: RelativePath("systemd/web.service").map(UnitSource.file) ?? .existing(unit),
                healthyFor: .seconds(Int64(draw.number(0...5))),
                checkDeadline: .seconds(Int64(draw.number(5...20))),
                checkInterval: .seconds(Int64(draw.number(1...5))),
                checks: [Check(kind: .tcp(address: "127.0.0.1:80"))],
                hooks: draw.chance(50) ? Hooks(drain: ["bin/drain"], undrain: ["bin/undrain"]) : Hooks()
            )
        }

        /// The unpacked `release`.
        func tree(of release: ReleaseID) -> ModelDisk.Tree {
            ModelDisk.Tree(installed: InstalledRelease(id: release, artifact: release.digest), spec: spec)
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
                return ModelDisk.Tree(installed: installed, spec: spec)
            }
            return ModelDisk(
                current: start.current.map { tree($0, isConfirmed: start.isConfirmed) },
                previous: start.previous.map { tree($0, isConfirmed: true) }
            )
        }
    }
}
