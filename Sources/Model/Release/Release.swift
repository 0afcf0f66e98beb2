/// Artifact, unit and configuration of one environment: what is switched, and what is switched back.
///
/// Its digest is the SHA-256 of its canonical JSON (RFC 8785), computed by Trust. The unit and the service spec travel
/// inside the artifact, so the artifact's digest covers them.
package struct Release: Hashable, Codable, Sendable {
    package var service: ServiceName
    package var environment: EnvironmentName
    package var version: Version
    package var artifact: Artifact
    /// From the verified provenance; absent for artifacts made on a developer's machine.
    package var source: SourceRevision?
    /// Environment variables, sorted by key; become an EnvironmentFile of this release.
    package var config: [ConfigEntry]
    /// systemd credentials on the host, sorted by variable.
    package var secrets: [SecretReference]
    /// What to do with a `.deb` that carries maintainer scripts or units outside its tree.
    package var debianScripts: DebianScripts

    package init(
        service: ServiceName,
        environment: EnvironmentName,
        version: Version,
        artifact: Artifact,
        source: SourceRevision? = nil,
        config: [ConfigEntry] = [],
        secrets: [SecretReference] = [],
        debianScripts: DebianScripts = .refuse
    ) {
        self.service = service
        self.environment = environment
        self.version = version
        self.artifact = artifact
        self.source = source
        self.config = config.sorted { $0.key < $1.key }
        self.secrets = secrets.sorted { $0.variable < $1.variable }
        self.debianScripts = debianScripts
    }
}
