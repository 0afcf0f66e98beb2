internal import Activation
package import Model
package import Trust

/// An artifact on the host's own disk that shall run there.
package struct LocalApply: Hashable, Codable, Sendable {
    /// Absolute path of the artifact.
    package let artifact: String
    package let service: ServiceName
    package let environment: EnvironmentName
    package let version: Version
    package let adoption: AdoptionPolicy
    package let debianScripts: DebianScripts
    private let config: [ConfigEntry]
    /// Absolute paths of DSSE envelopes that vouch for it.
    private let provenance: [String]
    /// By which it is applied, and which says what the release is.
    private let order: ApprovedOrder?
    /// Why the claim of a rollout is broken for it.
    private let breakingClaim: String?

    /// What a person makes of it, without anybody's order.
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
        order = nil
        breakingClaim = nil
    }

    /// What an order of a rollout makes of it.
    ///
    /// - Throws: `TrustError` for an order without a release that can be read.
    package init(
        artifact: String,
        by order: ApprovedOrder,
        adoption: AdoptionPolicy = .refuse,
        breakingClaim: String? = nil
    ) throws(TrustError) {
        let release = try CanonicalJSON.decode(Release.self, from: order.material().release)
        self.artifact = artifact
        self.order = order
        self.adoption = adoption
        self.breakingClaim = breakingClaim
        provenance = []
        service = release.service
        environment = release.environment
        version = release.version
        config = release.config
        debianScripts = release.debianScripts
    }

    /// What the artifact becomes here.
    ///
    /// - Throws: `Failure` for an order that is of another artifact, or can't be read.
    func local(of artifact: Artifact) throws -> LocalRelease {
        guard let order else {
            let release = Release(
                service: service,
                environment: environment,
                version: version,
                artifact: artifact,
                config: config,
                debianScripts: debianScripts
            )
            let bytes = try CanonicalJSON.encode(release)
            let material = PrepareOrder(
                order: [],
                release: bytes,
                provenance: try provenance.flatMap(EnvelopeFile.read),
                adoptsForeignUnit: adoption
            )
            return LocalRelease(release: release, digest: SHA256.digest(of: bytes), material: material)
        }
        let read = try Self.read(order)
        let ordered = read.release.artifact
        guard ordered == artifact else {
            throw Failure(
                .artifactDigest,
                "\(self.artifact) is sha256 \(artifact.digest) (\(artifact.format.rawValue)); the order is for "
                    + "\(ordered.digest) (\(ordered.format.rawValue)), \(read.release.version) of \(service)"
            )
        }
        return LocalRelease(
            release: read.release,
            digest: read.releaseDigest,
            material: order.material(adopting: adoption),
            order: read.order,
            orderDigest: read.orderDigest,
            breakingClaim: breakingClaim
        )
    }

    /// What stands in the signed bytes of an order.
    static func read(_ order: ApprovedOrder) throws(Failure) -> ReadOrder {
        switch RemoteService.read(.prepare(order.material())) {
        case .order(let read): return read
        case .unreadable(let failure): throw failure
        case .nothing, .continued, .broken: throw Failure(.internalError, "the order was not read")
        }
    }
}
