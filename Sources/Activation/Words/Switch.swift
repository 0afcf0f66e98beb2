package import Model

/// The change of links and unit files from one release to another.
package struct Switch: Hashable, Codable, Sendable {
    package enum ForeignUnit: Hashable, Codable, Sendable {
        /// There is none.
        case none
        /// Save it, before ours takes its place.
        case save(UnitName)
        /// Put the saved one back; nothing where none was saved.
        case restore(UnitName)
    }

    /// What `current` shall name; nil takes the link away.
    package let to: ReleaseID?
    /// What `previous` shall name; nil takes the link away.
    package let previous: ReleaseID?
    /// All that `instances/` shall hold: an instance without a link can't start, also not at boot.
    package let instances: [InstanceLink]
    /// Unit files to copy from the tree of `to`.
    package let installs: [RelativePath]
    /// Unit files to remove, because `to` does not bring them.
    package let removes: [UnitName]
    /// What to stop before that, and not to start at boot any more: those units, of a template its instances.
    package let retires: [UnitName]
    package let foreignUnit: ForeignUnit

    package init(
        to: ReleaseID?,
        previous: ReleaseID?,
        instances: [InstanceLink] = [],
        installs: [RelativePath],
        removes: [UnitName],
        retires: [UnitName]? = nil,
        foreignUnit: ForeignUnit
    ) {
        self.to = to
        self.previous = previous
        self.instances = instances
        self.installs = installs
        self.removes = removes
        self.retires = retires ?? removes
        self.foreignUnit = foreignUnit
    }

    /// `beside` may go on running while `current` names `new`.
    init(
        from old: [Deployment?],
        to new: Deployment?,
        beside: Deployment? = nil,
        previous: ReleaseID?,
        foreignUnit: ForeignUnit
    ) {
        let installed = new?.unitFiles ?? []
        let kept = Set(installed.map(\.name))
        let running = Set(new?.runUnits ?? [])
        var removes: [UnitName] = []
        var retires: [UnitName] = []
        for deployment in old.compactMap(\.self) {
            let files = deployment.unitFiles.filter { !kept.contains($0.name) }.compactMap { UnitName($0.name) }
            removes += files
            retires += files.flatMap { $0.isTemplate ? deployment.runUnits : [$0] }
            // Instances that there are no more, of a template that stays.
            guard case .file(let file) = deployment.spec.unit, kept.contains(file.name) else { continue }
            retires += deployment.runUnits.filter { !running.contains($0) && !retires.contains($0) }
        }
        self.init(
            to: new?.id,
            previous: previous,
            instances: (beside?.links ?? []) + (new?.links ?? []),
            installs: installed,
            removes: removes,
            retires: retires,
            foreignUnit: foreignUnit
        )
    }
}
