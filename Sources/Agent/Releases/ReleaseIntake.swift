internal import Artifacts
internal import Configuration
internal import Model
internal import Trust

/// What this host demands of an artifact before and while it opens it: the same for a rollout, `agent apply` and `agent plan`.
struct ReleaseIntake: Sendable {
    let tool: UnpackTool
    let limits: AgentConfiguration.Limits
    let paths: AgentPaths

    /// Host and signature bound the artifact alike.
    var bounds: UnpackBounds { UnpackBounds(entries: limits.maxEntries, bytes: limits.maxBytes) }

    /// Who vouches for the artifact of a release at `now`, by this host's own trust and policy.
    ///
    /// A release may leave the source unsaid, but must not say another than the signed one.
    func provenance(of release: Release, from envelopes: [[UInt8]], at now: WallTime) throws(Failure) -> Provenance {
        let found: Provenance
        do {
            found = try TrustReading.consistent(paths) { try verified(release, envelopes, at: now) }
        } catch {
            throw Failure(.provenanceRefused, "\(error)")
        }
        guard let ordered = release.source, ordered != found.source else { return found }
        let signed = found.source.map { "\($0.repository) at \($0.short)" } ?? "no source"
        throw Failure(
            .provenanceRefused,
            "the order names \(ordered.repository) at \(ordered.short), but the artifact's provenance names \(signed)"
        )
    }

    private func verified(_ release: Release, _ envelopes: [[UInt8]], at now: WallTime) throws -> Provenance {
        try TrustReading.requireCurrentRoot(paths, at: now)
        let policy = try policy()
        let (service, environment) = (release.service, release.environment)
        let destination = Destination(service: service, environment: environment)
        let builders = ProvenancePolicy(
            trust: try BuilderTrust.load(directory: paths.builders),
            threshold: policy.builders(of: service, in: environment),
            maximumAge: policy.maximumAge(of: service, in: environment)
        )
        let artifact = release.artifact.digest
        let verified = try builders.verify(envelopes: envelopes, artifact: artifact, for: destination, at: now)
        let attestations = AttestationPolicy(
            trust: try AttesterTrust.load(directory: paths.attesters),
            demands: policy.attestations(of: service, in: environment)
        )
        _ = try attestations.verify(envelopes: envelopes, with: verified.provenance, for: destination, at: now)
        return verified.provenance
    }

    /// Whose approvals this host demands.
    func approvals() throws(Failure) -> ApprovalIntake {
        do {
            return ApprovalIntake(policy: try policy(), paths: paths)
        } catch {
            throw Failure(.approvalRefused, "\(error)")
        }
    }

    /// What this host's policy demands of a release, in words; one sentence each.
    func demands(of release: Release) throws(Failure) -> [String] {
        let (service, environment) = (release.service, release.environment)
        let policy: TrustPolicy
        do {
            policy = try self.policy()
        } catch {
            throw Failure(.provenanceRefused, "\(error)")
        }
        let builders = policy.builders(of: service, in: environment)
        var words = [builders == 1 ? "provenance by 1 builder" : "provenance by \(builders) builders"]
        if let age = policy.maximumAge(of: service, in: environment) { words.append("built \(age) ago at most") }
        words += policy.attestations(of: service, in: environment).map { demand in
            let who = demand.attesters.isEmpty ? "" : " by \(demand.attesters.joined(separator: " or "))"
            return "\(demand.kind)\(demand.count == 1 ? "" : " \(demand.count) times")\(who)"
        }
        let approvals = ApprovalIntake(policy: policy, paths: paths).demand(for: service, in: environment)
        return words + (approvals.map { [$0.words] } ?? [])
    }

    private func policy() throws -> TrustPolicy {
        guard let bytes = try TrustedFile.readIfPresent(paths.policy, .policyInvalid) else { return TrustPolicy() }
        return try TrustPolicyFile.parse(bytes, file: paths.policy)
    }

    /// Room that a release may be expected to take: compressed formats unfold to about three times their size.
    ///
    /// - Throws: `ArtifactError` for a size that this host never takes.
    func room(for artifact: Artifact) throws(ArtifactError) -> ByteCount {
        try judge(artifact.digest, size: artifact.size)
        let factor: Int64 =
            switch artifact.format {
            case .tar: 1
            case .tarGzip, .tarZstd, .tarXZ, .debian: 3
            }
        let (room, isTooLarge) = artifact.size.bytes.multipliedReportingOverflow(by: factor)
        return ByteCount(isTooLarge ? artifact.size.bytes : room)
    }

    /// Room that a release takes: its bytes, and a block for each entry and for Fleet's own papers.
    func room(for listing: UnpackResult) -> ByteCount {
        ByteCount(listing.bytes.bytes + Int64(listing.entries + Self.papers) * Self.blockSize)
    }

    /// More than Fleet puts beside a release.
    private static let papers = 16
    /// Of ext4 and XFS as they are made.
    private static let blockSize: Int64 = 4096

    /// - Throws: `ArtifactError` for a file that could not be within the bounds once it is unpacked.
    func judge(_ artifact: Digest, size: ByteCount) throws(ArtifactError) {
        guard size.bytes < 0 || size.bytes > bounds.archiveBytes else { return }
        throw ArtifactError(
            .tooManyBytes,
            path: artifact.short,
            "has \(size), more than this host takes; raise limits.max_bytes (\(limits.maxBytes)) in its agent.yml if that is right"
        )
    }

    /// Makes the tree of a verified artifact in an empty directory.
    func unpack(_ artifact: OpenFile, format: ArtifactFormat, into staging: OpenFile) async throws(ArtifactError)
        -> UnpackResult
    {
        let required = Restraint.required
        let result = try await tool.unpack(artifact, format: format, into: staging, bounds: bounds)
        try Restraint.require(required, among: result.sandbox)
        return result
    }

    /// One small file of a verified artifact.
    func content(of path: RelativePath, in artifact: OpenFile, format: ArtifactFormat) async throws(ArtifactError)
        -> [UInt8]
    { try await tool.print(path, of: artifact, format: format, bounds: bounds) }

    /// What `unpack` would make.
    func list(_ artifact: OpenFile, format: ArtifactFormat) async throws(ArtifactError) -> UnpackResult {
        let required = Restraint.required
        let result = try await tool.list(artifact, format: format, bounds: bounds)
        try Restraint.require(required, among: result.sandbox)
        return result
    }
}
