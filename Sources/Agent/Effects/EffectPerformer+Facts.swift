internal import Activation
internal import Model

extension EffectPerformer {
    /// What the host looks like now; nothing of it is remembered.
    func facts(stage: DiskFacts.Stage, unit: UnitName?, failedStart: Failure? = nil) async throws -> DiskFacts {
        var state: UnitState?
        if let unit, stage == .running { state = try await host.systemd.inspect(unit).state }
        return DiskFacts(
            stage: stage,
            current: try await store.linked(ReleaseStore.current),
            previous: try await store.linked(ReleaseStore.previous),
            instance: try await store.instanceOfCurrent(),
            releases: try await store.allReleases(),
            unit: state,
            failedStart: failedStart
        )
    }
}
