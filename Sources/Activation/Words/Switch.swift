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
    /// Unit files to copy from the tree of `to`.
    package let installs: [RelativePath]
    /// Units to stop and remove, because `to` does not bring them.
    package let removes: [UnitName]
    package let foreignUnit: ForeignUnit

    package init(
        to: ReleaseID?,
        previous: ReleaseID?,
        installs: [RelativePath],
        removes: [UnitName],
        foreignUnit: ForeignUnit
    ) {
        self.to = to
        self.previous = previous
        self.installs = installs
        self.removes = removes
        self.foreignUnit = foreignUnit
    }

    init(from old: [Deployment?], to new: Deployment?, previous: ReleaseID?, foreignUnit: ForeignUnit) {
        let installed = new?.unitFiles ?? []
        let kept = Set(installed.map(\.name))
        self.init(
            to: new?.id,
            previous: previous,
            installs: installed,
            removes: old.flatMap { $0?.unitFiles ?? [] }.filter { !kept.contains($0.name) }.compactMap {
                UnitName($0.name)
            },
            foreignUnit: foreignUnit
        )
    }
}
