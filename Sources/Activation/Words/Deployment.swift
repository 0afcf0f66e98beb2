package import Model

/// A release on this host with what its own `service.yml` says about it.
package struct Deployment: Hashable, Codable, Sendable {
    package let id: ReleaseID
    package let spec: ServiceSpec

    package init(id: ReleaseID, spec: ServiceSpec) {
        self.id = id
        self.spec = spec
    }

    /// The unit that is stopped and started for it; nil when only files are switched.
    package var unit: UnitName? {
        switch spec.strategy {
        case .restart, .reload: spec.unit.unitName
        case .none: nil
        }
    }

    /// Units that its tree brings: the service's own and its sockets.
    package var unitFiles: [RelativePath] {
        switch spec.unit {
        case .file(let path): [path] + spec.sockets
        case .existing, .absent: spec.sockets
        }
    }

    /// Its checks, as they are asked of this release.
    package var checks: [Check] {
        spec.checks.map { check in
            guard case .http(var request) = check.kind else { return check }
            request.bodyContains = request.bodyContains?.replacing(HTTPCheck.version, with: id.version.text)
            return Check(kind: .http(request), timeout: check.timeout)
        }
    }

    /// Its socket units by name.
    package var sockets: [UnitName] { spec.sockets.compactMap { UnitName($0.name) } }
}
