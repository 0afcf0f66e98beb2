internal import Activation
internal import Artifacts
package import Configuration
internal import Glibc
internal import Model
internal import Trust

/// What `agent apply` would do with an artifact, found without changing anything.
package struct LocalPlan: Sendable {
    /// For people, in order.
    package private(set) var lines: [String]
    /// What would keep it from being done.
    package private(set) var refusals: [String]

    /// Looks at the artifact, its provenance and the host.
    package static func make(_ wish: LocalApply, _ configuration: AgentConfiguration) async throws -> Self {
        guard let format = ArtifactFormat(fileName: wish.artifact) else {
            throw Failure(
                .artifactRefused,
                "'\(wish.artifact)' has no known ending: .tar, .tar.gz, .tar.zst, .tar.xz, .deb"
            )
        }
        var plan = Self(lines: [], refusals: [])
        let (digest, size) = try OpenFile(path: wish.artifact, flags: O_RDONLY).digest(name: wish.artifact)
        plan.lines.append("artifact    \(wish.artifact), \(size), sha256 \(digest)")
        plan.checkProvenance(wish, digest, configuration)
        let tool = try UnpackTool(path: configuration.unpackTool)
        let listing = try await tool.list(try OpenFile(path: wish.artifact, flags: O_RDONLY), format: format)
        plan.lines.append("content     \(listing.entries) entries, \(listing.bytes) unpacked")
        let name = try RelativePath(parsing: ServiceSpec.fileName)
        let file = try OpenFile(path: wish.artifact, flags: O_RDONLY)
        let spec = try ServiceFile.parse(try await tool.print(name, of: file, format: format), file: name.text)
        if spec.service != wish.service {
            plan.refusals.append("the artifact is of service '\(spec.service)', not '\(wish.service)'")
        }
        plan.describe(spec, wish, configuration.paths)
        return plan
    }

    private mutating func checkProvenance(_ wish: LocalApply, _ digest: Digest, _ configuration: AgentConfiguration) {
        do {
            let envelopes = try wish.provenance.map { path in
                let name = String(path.split(separator: "/").last ?? "")
                return try Directory(path: String(path.dropLast(name.count + 1))).read(name) ?? []
            }
            let policy = ProvenancePolicy(trust: try BuilderTrust.load(directory: configuration.paths.builders))
            let verified = try policy.verify(envelopes: envelopes, artifact: digest)
            let source = verified.provenance.source.map { " from \($0.repository) at \($0.short)" } ?? ""
            lines.append("provenance  built by \(verified.builder)\(source)")
        } catch {
            refusals.append("\(error)")
        }
    }

    private mutating func describe(_ spec: ServiceSpec, _ wish: LocalApply, _ paths: AgentPaths) {
        var steps = [
            "unpack into \(paths.releases(wish.service))", "run nothing yet: the service is not touched so far",
        ]
        let unit = spec.unit.unitName
        if !spec.hooks.drain.isEmpty { steps.append("drain: \(spec.hooks.drain.joined(separator: " "))") }
        if let unit { steps.append("stop \(unit)") }
        steps.append("point \(paths.current(wish.service)) to the new release")
        if let unit { steps.append("start \(unit), active within \(spec.startTimeout)") }
        steps += spec.checks.map { "check \($0.label)" }
        if unit != nil { steps.append("stay healthy for \(spec.healthyFor), first pass within \(spec.checkDeadline)") }
        if !spec.hooks.undrain.isEmpty { steps.append("undrain: \(spec.hooks.undrain.joined(separator: " "))") }
        steps.append("commit; on any failure before this, back to what runs now")
        lines += steps.enumerated().map { "\($0.offset + 1). \($0.element)" }
    }
}
