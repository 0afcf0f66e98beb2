package import Model

/// A release on this host with what its own `service.yml` says about it.
package struct Deployment: Hashable, Codable, Sendable {
    package let id: ReleaseID
    package let spec: ServiceSpec
    /// Which instance of its template unit runs it; nil with any other unit.
    package var instance: InstanceName?

    package init(id: ReleaseID, spec: ServiceSpec, instance: InstanceName? = nil) {
        self.id = id
        self.spec = spec
        // Copies run the same release, all of them: none is the one that serves.
        self.instance = spec.copies == nil ? instance : nil
    }

    /// The unit that is stopped and started for it, of several copies the first; nil when only files are switched.
    package var unit: UnitName? {
        switch spec.strategy {
        case .restart, .reload: copies?.first ?? spec.unit.unitName
        case .blueGreen: instance.flatMap { spec.unit.unitName?.instance($0) }
        case .none: nil
        }
    }

    /// The units of its copies; nil where it has none.
    private var copies: [UnitName]? {
        spec.copies.map { copies in copies.compactMap { spec.unit.unitName?.instance($0) } }
    }

    /// The units that run besides `unit`; nil for none.
    package var others: [UnitName]? { copies.map { Array($0.dropFirst()) } }

    /// The units that run for it now: `unit` and the others.
    package var units: [UnitName] { [unit].compactMap(\.self) + (others ?? []) }

    /// The instances that may run it.
    package var links: [InstanceLink] {
        (spec.copies ?? [instance].compactMap(\.self)).map { InstanceLink(instance: $0, release: id) }
    }

    /// Every unit that may run for it: of a template, all instances.
    package var runUnits: [UnitName] {
        switch spec.strategy {
        case .restart, .reload: copies ?? [spec.unit.unitName].compactMap(\.self)
        case .blueGreen: spec.instances?.all.compactMap { spec.unit.unitName?.instance($0) } ?? []
        case .none: []
        }
    }

    /// What its timer starts; nil where the unit is none.
    package var job: UnitName? { spec.job.flatMap { UnitName($0.unit.name) } }

    /// The unit whose user its commands have.
    package var processUnit: UnitName? { job ?? unit }

    /// Units that its tree brings: the service's own, its sockets, and what its timer starts.
    package var unitFiles: [RelativePath] {
        switch spec.unit {
        case .file(let path): [path] + [spec.job?.unit].compactMap(\.self) + spec.sockets
        case .existing, .absent: spec.sockets
        }
    }

    /// Its checks, as they are asked of this release in its instance; those that name the instance, of each copy.
    package var checks: [Check] {
        spec.checks.flatMap { check in
            guard let copies = spec.copies, let first = copies.first, check.of(first) != check else {
                return [check.of(instance)]
            }
            return copies.map { check.of($0) }
        }.map { check in
            guard case .http(var request) = check.kind else { return check }
            request.bodyContains = request.bodyContains?.replacing(HTTPCheck.version, with: id.version.text)
            return Check(kind: .http(request), timeout: check.timeout)
        }
    }

    /// Its socket units by name.
    package var sockets: [UnitName] { spec.sockets.compactMap { UnitName($0.name) } }
}
