package import Model

/// An artifact on the host's own disk that shall run there.
package struct LocalApply: Hashable, Codable, Sendable {
    /// Absolute path of the artifact.
    package var artifact: String
    /// Absolute paths of DSSE envelopes that vouch for it.
    package var provenance: [String]
    package var service: ServiceName
    package var environment: EnvironmentName
    package var version: Version
    package var config: [ConfigEntry]
    package var adoption: AdoptionPolicy
    package var debianScripts: DebianScripts

    package init(
        artifact: String,
        provenance: [String],
        service: ServiceName,
        environment: EnvironmentName,
        version: Version,
        config: [ConfigEntry] = [],
        adoption: AdoptionPolicy = .refuse,
        debianScripts: DebianScripts = .refuse
    ) {
        self.artifact = artifact
        self.provenance = provenance
        self.service = service
        self.environment = environment
        self.version = version
        self.config = config
        self.adoption = adoption
        self.debianScripts = debianScripts
    }

    /// What the artifact becomes here.
    func release(of artifact: Artifact) -> Release {
        Release(
            service: service,
            environment: environment,
            version: version,
            artifact: artifact,
            config: config,
            debianScripts: debianScripts
        )
    }
}
