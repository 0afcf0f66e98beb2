internal import Activation
internal import Configuration
internal import Model

extension ReleaseStore {
    static let current = "current"
    static let previous = "previous"

    /// Puts links and unit files of one release in the place of another; systemd must be reloaded afterwards.
    ///
    /// Unit files come first: whatever a crash leaves, the link names a release that is whole, and the repetition of
    /// this step makes units and link agree again.
    func change(_ change: Switch) throws {
        let installer = UnitInstaller(paths: paths)
        if case .save(let unit) = change.foreignUnit { try installer.save(unit, service: service) }
        if let target = change.to { try installer.install(try units(of: target)) }
        try installer.remove(service: service, units: change.removes)
        if case .restore(let unit) = change.foreignUnit { try installer.remove(service: service, units: [unit]) }
        // Before a unit of it may start, and an instance that is not named any more after the one that is.
        try linkInstances(change.instances)
        try link(Self.current, to: change.to)
        try link(Self.previous, to: change.previous)
    }

    private func link(_ name: String, to release: ReleaseID?) throws(FileError) {
        let directory = try Directory(creating: paths.service(service))
        if let release {
            try directory.replaceLink(name, target: Self.target(of: release))
        } else {
            try directory.remove(name)
        }
    }

    /// The units that a release brings or uses.
    func units(of release: ReleaseID) throws -> UnitSet {
        let spec = try spec(of: release)
        let deployment = Deployment(id: release, spec: spec)
        var files: [UnitSet.File] = []
        for path in deployment.unitFiles {
            let unit = try UnitName(parsing: path.name)
            files.append(UnitSet.File(unit: unit, content: try content(path, of: release)))
        }
        let managed = Set(files.map(\.unit) + [deployment.unit].compactMap(\.self)).sorted()
        return UnitSet(
            service: service,
            files: files,
            managed: managed,
            loaded: managed.flatMap { $0.isTemplate ? deployment.runUnits : [$0] },
            secrets: try self.release(of: release).secrets
        )
    }

    /// What stands in the place of a unit file.
    func occupant(of unit: UnitName) throws(FileError) -> UnitInstaller.Occupant {
        try UnitInstaller(paths: paths).occupant(of: unit)
    }

    func isMasked(_ unit: UnitName) throws(FileError) -> Bool { try UnitInstaller(paths: paths).isMasked(unit) }

    /// Unit files and drop-ins of a release that were changed by somebody since they were installed, one sentence each.
    func unitDrift(of release: ReleaseID) throws -> [String] {
        try UnitInstaller(paths: paths).drift(from: try units(of: release))
    }
}
