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

        /// The unpacked `release`; `since` when it was committed, on a disk that was there before.
        func tree(of release: ReleaseID, since: WallTime?) -> ModelDisk.Tree {
            let installed = InstalledRelease(
                id: release,
                artifact: release.digest,
                since: since,
                isConfirmed: since != nil
            )
            return ModelDisk.Tree(installed: installed, spec: spec)
        }
    }
}
