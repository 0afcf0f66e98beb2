package import Artifacts
package import Configuration
package import Model
internal import Rollout
internal import Trust

/// Finds the artifact that somebody named, and makes sure that a version never changes its content.
package struct ArtifactCatalog: Sendable {
    private let workspace: Workspace
    private let configuration: FleetConfiguration
    private let ledger: Ledger
    private let store: ContentStore
    private let tool: UnpackTool
    private let finder: ArtifactFinder
    private let clock = CoordinatorClock()

    package init(
        _ workspace: Workspace,
        configuration: FleetConfiguration,
        ledger: Ledger,
        store: ContentStore,
        tool: UnpackTool
    ) {
        self.workspace = workspace
        self.configuration = configuration
        self.ledger = ledger
        self.store = store
        self.tool = tool
        finder = ArtifactFinder(store: store, tool: tool)
    }

    /// The artifact: packed if it is a directory, stored, vouched for, checked against its service, and registered.
    ///
    /// Its archive is opened last, when what was signed about it holds.
    package func resolve(_ request: ArtifactRequest) async throws -> ResolvedArtifact {
        var candidate = try await candidate(request)
        candidate.provenance += request.provenance
        let version = request.version ?? candidate.version
        let known = try await ledger.artifact(request.service, version)
        // What was said of it later, a review above all, may lie there without what was said first.
        if !ProvenanceFiles.sayOrigin(candidate.provenance), let known,
            known.artifact.digest == candidate.artifact.digest
        {
            candidate.provenance = known.provenance + candidate.provenance.filter { !known.provenance.contains($0) }
        }
        if !ProvenanceFiles.sayOrigin(candidate.provenance) {
            candidate.provenance += [try vouch(for: candidate, request)]
        }
        let entry = CatalogEntry(
            service: request.service,
            version: version,
            artifact: candidate.artifact,
            provenance: candidate.provenance
        )
        let verified = try ProvenanceFiles.verify(
            entry.provenance,
            artifact: entry.artifact.digest,
            builders: workspace.layout.builders
        )
        if request.isControlled { try refuseDevelopment(verified, entry) }
        let spec = try await spec(of: candidate.artifact, service: request.service)
        try await judgePackage(entry.artifact, spec, request)
        try await ledger.register(entry)
        return ResolvedArtifact(entry: entry, spec: spec, source: verified?.provenance.source)
    }

    /// The `service.yml` of an artifact in the store.
    package func spec(of artifact: Artifact, service: ServiceName) async throws -> ServiceSpec {
        let name = try RelativePath(parsing: ServiceSpec.fileName)
        let bytes = try await text(of: name, in: artifact)
        let spec = try ServiceFile.parse(bytes, file: "\(name) of the artifact")
        guard spec.service == service else {
            throw CoordinatorError(
                .artifactInvalid,
                "the artifact is of service '\(spec.service)' by its \(name), not of '\(service)'"
            )
        }
        return spec
    }

    /// What hosts would refuse of a Debian package is refused before any host is asked.
    private func judgePackage(_ artifact: Artifact, _ spec: ServiceSpec, _ request: ArtifactRequest) async throws {
        guard artifact.format == .debian, request.debianScripts == .refuse else { return }
        let listing = try await tool.list(try store.open(artifact.digest), format: artifact.format)
        try listing.debian?.judge(spec, scripts: request.debianScripts)
    }

    /// A small file of an artifact in the store.
    func text(of name: RelativePath, in artifact: Artifact) async throws -> [UInt8] {
        do {
            return try await tool.print(name, of: try store.open(artifact.digest), format: artifact.format)
        } catch {
            guard error.code == .entryMissing else { throw error }
            throw CoordinatorError(
                .artifactInvalid,
                "the artifact has no \(name) at its top: it says how to start the service and how to know that it works; "
                    + "see docs/configuration.md"
            )
        }
    }

    // MARK: Finding

    func holds(_ digest: Digest) async throws -> Bool {
        try await BlockingThread.run { [store] () throws(ArtifactError) in try store.holds(digest) }
    }

    /// What a request names, in the store, neither judged nor registered.
    func candidate(_ request: ArtifactRequest) async throws -> ArtifactCandidate {
        switch request.subject {
        case .directory(let path): return try await finder.pack(path)
        case .file(let path): return try await finder.take(path, service: request.service)
        case .found(let candidate):
            guard try await holds(candidate.artifact.digest) else {
                throw CoordinatorError(
                    .artifactInvalid,
                    "\(candidate.name) (\(candidate.artifact.digest.short)) is not in \(store.path): send it first"
                )
            }
            return candidate
        case .confirmed(let environment): return try await confirmed(request.service, environment)
        case .version(let version):
            if let path = try publishedFile(request.service, version) {
                return try await finder.take(path, service: request.service)
            }
            guard let known = try await ledger.artifact(request.service, version) else {
                throw unknown(version, of: request.service)
            }
            return try await candidate(known)
        }
    }

    /// The artifact that an environment is on, which has a version here.
    private func confirmed(_ service: ServiceName, _ environment: EnvironmentName) async throws -> ArtifactCandidate {
        _ = try configuration.environment(environment, of: service)
        guard let present = try await ledger.present(service, environment),
            let known = try await ledger.artifact(service, present.release.version)
        else {
            throw CoordinatorError(
                .versionUnknown,
                "nothing was rolled out with success to \(environment) of \(service) yet: roll it out there first, or name "
                    + "a version"
            )
        }
        return try await candidate(known)
    }

    /// What was registered before and lies in the store.
    private func candidate(_ known: CatalogEntry) async throws -> ArtifactCandidate {
        guard try await holds(known.artifact.digest) else {
            throw CoordinatorError(
                .versionUnknown,
                "version \(known.version) of \(known.service) is \(known.artifact.digest.short), which is no longer in "
                    + "\(store.path); name it with --artifact FILE"
            )
        }
        return ArtifactCandidate(
            artifact: known.artifact,
            version: known.version,
            name: "\(known.service)-\(known.version)",
            provenance: known.provenance,
            tree: nil
        )
    }

    /// The file of a version in the service's directory of artifacts, or nil.
    private func publishedFile(_ service: ServiceName, _ version: Version) throws -> String? {
        guard let written = try configuration.service(service).artifacts else { return nil }
        let directory = written.hasPrefix("/") ? written : "\(workspace.directory)/\(written)"
        let files = ArtifactFormat.allCases.map { "\(directory)/\(service)-\(version).\($0.rawValue)" }
        let found = files.filter { SmallFile.exists($0) }
        guard found.count < 2 else {
            let names = found.joined(separator: " and ")
            throw CoordinatorError(
                .artifactInvalid,
                "\(names) are both version \(version); keep one, or use --artifact"
            )
        }
        return found.first
    }

    // MARK: Provenance

    private func vouch(for candidate: ArtifactCandidate, _ request: ArtifactRequest) throws -> [UInt8] {
        guard !request.isControlled else {
            throw CoordinatorError(
                .provenanceMissing,
                "\(candidate.name) has no provenance, and this environment is controlled: roll out what CI has built, "
                    + "with \(candidate.name)\(ProvenanceFiles.suffixes[0]) beside it or --provenance FILE"
            )
        }
        return try DevelopmentBuilder.vouch(
            for: candidate.artifact,
            named: candidate.name,
            source: candidate.tree,
            key: try workspace.developmentKey(),
            at: clock.wall
        )
    }

    private func refuseDevelopment(_ verified: VerifiedProvenance?, _ entry: CatalogEntry) throws {
        guard let verified, verified.builder == DevelopmentBuilder.id else { return }
        throw CoordinatorError(
            .provenanceMissing,
            "version \(entry.version) was signed with a development key, and this environment is controlled: roll out "
                + "what CI has built"
        )
    }

    private func unknown(_ version: Version, of service: ServiceName) -> CoordinatorError {
        CoordinatorError(
            .versionUnknown,
            "there is no version \(version) of \(service): name a directory ('fleet rollout \(service) ./dist'), a file "
                + "(--artifact FILE), or set 'artifacts:' of \(service) in fleet.yml to the directory that CI fills"
        )
    }
}
