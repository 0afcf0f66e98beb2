package import Model

/// What somebody wants to roll out, as they named it.
package struct ArtifactRequest: Hashable, Codable, Sendable {
    package enum Subject: Hashable, Codable, Sendable {
        /// A tree that is packed first.
        case directory(String)
        case file(String)
        /// Known from before, or in the service's directory of artifacts.
        case version(Version)
        /// What another environment of the service is on.
        case confirmed(in: EnvironmentName)
        /// In the coordinator's store.
        case found(ArtifactCandidate)
    }

    package var service: ServiceName
    package var subject: Subject
    /// What it is to be called; nil takes the name that it has.
    package var version: Version?
    /// DSSE envelopes beside those that lie next to the artifact, as exact bytes.
    package var provenance: [[UInt8]]
    /// Only what CI vouches for may go there.
    package var isControlled: Bool
    /// What becomes of a `.deb` with parts that Fleet would not use.
    package var debianScripts: DebianScripts

    package init(
        service: ServiceName,
        subject: Subject,
        version: Version? = nil,
        provenance: [[UInt8]] = [],
        isControlled: Bool = false,
        debianScripts: DebianScripts = .refuse
    ) {
        self.service = service
        self.subject = subject
        self.version = version
        self.provenance = provenance
        self.isControlled = isControlled
        self.debianScripts = debianScripts
    }
}
