import Activation
import Model

/// What of a host outlives its agent and a power cut: trees and links.
struct ModelDisk {
    /// A release's directory, whole.
    struct Tree {
        let installed: InstalledRelease
        let spec: ServiceSpec
        var startup: Digest?
    }

    /// In order of installation.
    private(set) var trees: [Tree] = []
    private(set) var staging: Tree?
    /// What the links name.
    private(set) var current: ReleaseID?
    private(set) var previous: ReleaseID?
    /// Whose unit file systemd would start.
    private(set) var unitFile: ReleaseID?
    /// What instances of a template may run, and what they would run.
    private(set) var instances: [InstanceName: ReleaseID] = [:]

    init(current: Tree?, previous: Tree?, instance: InstanceName?) {
        trees = [previous, current].compactMap(\.self)
        self.current = current?.installed.id
        self.previous = previous?.installed.id
        unitFile = self.current
        if let instance, let current = self.current { instances = [instance: current] }
    }

    /// The instances that systemd would start at boot; nil stands for a unit that is no template.
    var starting: [InstanceName?] {
        guard instances.isEmpty else { return instances.keys.sorted() }
        return unitFile == nil ? [] : [nil]
    }

    /// What that instance runs once it is started.
    func release(in place: InstanceName?) -> ReleaseID? { place.map { instances[$0] } ?? unitFile }

    func tree(_ release: ReleaseID?) -> Tree? { trees.first { $0.installed.id == release } }

    mutating func stage(_ tree: Tree) { staging = tree }

    /// Moves staging into place; false when something else, or nothing, is staged.
    mutating func install(_ release: ReleaseID) -> Bool {
        guard let tree = staging, tree.installed.id == release else { return false }
        trees.removeAll { $0.installed.id == release }
        trees.append(tree)
        staging = nil
        return true
    }

    mutating func discardStaging() { staging = nil }

    mutating func delete(_ release: ReleaseID) { trees.removeAll { $0.installed.id == release } }

    /// Unit files go first, then instances, `current` and `previous`; a power cut may come after each of these `steps`.
    mutating func turn(_ change: Switch, steps: Int = 4) {
        if steps > 0 { unitFile = change.to }
        if steps > 1 {
            instances = Dictionary(change.instances.map { ($0.instance, $0.release) }) { first, _ in first }
        }
        if steps > 2 { current = change.to }
        if steps > 3 { previous = change.previous }
    }

    func facts(_ stage: DiskFacts.Stage, unit: UnitState?) -> DiskFacts {
        DiskFacts(
            stage: stage,
            current: current,
            previous: previous,
            instance: instances.keys.sorted().first { instances[$0] == current },
            releases: trees.map { DiskFacts.Found(installed: $0.installed, spec: $0.spec, startup: $0.startup) },
            unit: unit
        )
    }
}
