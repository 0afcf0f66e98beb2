internal import Model

/// Where a service's own commands run: its release, its user, its environment, its credentials.
struct CheckSite: Hashable, Sendable {
    let service: ServiceName
    /// The tree of the release that is checked.
    let tree: String
    let user: String
    let group: String
    /// Of the release; systemd loads them for each command, as for the service.
    var secrets: [SecretReference] = []
    /// The instance that the commands are about; nil where the unit is no template.
    var instance: InstanceName?

    /// What tells a release's commands which instance they are about.
    static let variable = "FLEET_INSTANCE"

    /// A path that is absolute, or inside the release.
    func place(of path: String) -> String { path.hasPrefix("/") ? path : "\(tree)/\(path)" }

    /// A command of the release as a transient unit.
    ///
    /// The first of `words` is a path inside the release, or absolute; `name` tells this command from others of the
    /// service that may run at the same time.
    func command(_ words: [String], name: String, timeout: TimeSpan) throws(ModelError) -> TransientCommand {
        TransientCommand(
            unit: try UnitName(parsing: "fleet-\(service)-\(name).service"),
            description: "Fleet: \(name) of \(service)",
            user: user,
            group: group,
            workingDirectory: tree,
            environmentFile: "\(tree)/\(ReleaseFiles.environmentFile)",
            environment: instance.map { ["\(Self.variable)=\($0)"] } ?? [],
            credentials: secrets,
            arguments: [place(of: words.first ?? "")] + words.dropFirst(),
            timeout: timeout
        )
    }
}
