internal import Activation
internal import Model

/// The links of instances: the release that each runs, and that it may run at all.
extension ReleaseStore {
    /// Makes `instances/` hold exactly these links.
    func linkInstances(_ links: [InstanceLink]) throws(FileError) {
        let service = try Directory(creating: paths.service(service))
        guard !links.isEmpty || service.exists(Self.instances) else { return }
        let directory = try Directory(creating: service.full(Self.instances))
        for link in links {
            try directory.replaceLink(link.instance.text, target: "../\(Self.target(of: link.release))")
        }
        for name in try directory.entries() where !links.contains(where: { $0.instance.text == name }) {
            try directory.remove(name)
        }
        guard links.isEmpty else { return }
        try Tree.remove(Self.instances, in: service)
        try service.sync()
    }

    private static let instances = "instances"

    /// The instance whose link names what `current` names; nil where there is none.
    func instanceOfCurrent() throws(FileError) -> InstanceName? {
        let service = try Directory(creating: paths.service(service))
        guard let current = try service.link(Self.current), service.exists(Self.instances) else { return nil }
        let directory = try Directory(path: service.full(Self.instances))
        for name in try directory.entries().sorted() where try directory.link(name) == "../\(current)" {
            if let instance = InstanceName(name) { return instance }
        }
        return nil
    }

    /// Links of instances that are not as they should be while nobody changes the service, one sentence each.
    func instanceDrift(of deployment: Deployment) throws(FileError) -> [String] {
        let service = try Directory(creating: paths.service(service))
        let links = service.exists(Self.instances) ? try Directory(path: service.full(Self.instances)) : nil
        var left = try links?.entries().sorted() ?? []
        var drift: [String] = []
        for instance in deployment.links.map(\.instance) {
            left.removeAll { $0 == instance.text }
            let expected = "../\(Self.target(of: deployment.id))"
            let found = try links?.link(instance.text)
            if found != expected {
                drift.append("instances/\(instance) points to \(found ?? "nothing"), expected \(expected)")
            }
        }
        return drift + left.map { "instances/\($0) is there, and is none of the release's" }
    }
}
