internal import Artifacts
internal import Configuration
internal import Model
internal import Rollout
internal import Trust

/// Holds two releases against each other, by the ledger, by what builders have signed, and by what the artifacts hold.
struct ReleaseComparer: Sendable {
    private let workspace: Workspace
    private let configuration: FleetConfiguration
    private let ledger: Ledger
    private let catalog: ArtifactCatalog

    init(_ workspace: Workspace, configuration: FleetConfiguration, ledger: Ledger, catalog: ArtifactCatalog) {
        self.workspace = workspace
        self.configuration = configuration
        self.ledger = ledger
        self.catalog = catalog
    }

    /// Changes nothing; what is not at hand is said in the answer.
    func compare(_ comparison: ReleaseComparison) async throws -> ReleaseDifference {
        let service = comparison.service
        let before = try await side(comparison.before, of: service)
        let after = try await side(comparison.after, of: service)
        var difference = ReleaseDifference(
            service: service,
            before: try before.compared(),
            after: try after.compared(),
            variables: after.release.variableChanges(since: before.release),
            keys: [],
            files: [],
            unknown: Self.absences(before, after)
        )
        guard before.release.artifact.digest != after.release.artifact.digest else { return difference }
        do {
            try await compareContents(before, after, into: &difference)
        } catch let absence as Absence {
            difference.unknown.append(absence.description)
        } catch let error as ConfigurationError {
            difference.unknown.append(error.description)
        }
        return difference
    }

    // MARK: Sides

    /// One of the two, with all that is known of it.
    private struct Side {
        var release: Release
        var confirmed: ComparedRelease.Confirmation?
        var source: SourceRevision?
        var builder: String?
        /// Why nothing is known of its origin; nil where something is.
        var doubt: String?

        func compared() throws -> ComparedRelease {
            ComparedRelease(
                environment: release.environment,
                id: ReleaseID(version: release.version, digest: try release.digest()),
                confirmed: confirmed,
                artifact: release.artifact,
                source: source ?? release.source,
                builder: builder
            )
        }
    }

    private func side(_ choice: ReleaseChoice, of service: ServiceName) async throws -> Side {
        let environment = try configuration.environment(choice.environment, of: service)
        switch choice {
        case .confirmed(let name): return try await confirmed(service, name)
        case .planned(let version, let name):
            guard let version else {
                let present = try await confirmed(service, name)
                return try await planned(present.release.version, service, environment)
            }
            return try await planned(version, service, environment)
        case .version(let version, let name):
            let past = try await ledger.confirmed(service, name).first { $0.release.version == version }
            guard let past else { return try await planned(version, service, environment) }
            return try await origin(of: Side(release: past.release), as: version)
        }
    }

    private func confirmed(_ service: ServiceName, _ environment: EnvironmentName) async throws -> Side {
        guard let present = try await ledger.present(service, environment),
            let past = try await ledger.confirmed(service, environment).first(where: { $0.id == present.release })
        else {
            throw CoordinatorError(
                .versionUnknown,
                "nothing was rolled out with success to \(environment) of \(service) yet: there is nothing to compare with"
            )
        }
        let confirmation = ComparedRelease.Confirmation(rollout: present.rollout, since: present.since)
        return try await origin(of: Side(release: past.release, confirmed: confirmation), as: past.release.version)
    }

    /// What a rollout of the version would bring now.
    private func planned(_ version: Version, _ service: ServiceName, _ environment: FleetEnvironment) async throws
        -> Side
    {
        let found = try await catalog.candidate(ArtifactRequest(service: service, subject: .version(version)))
        let release = Release(
            service: service,
            environment: environment.name,
            version: version,
            artifact: found.artifact,
            config: environment.config,
            secrets: environment.secrets,
            debianScripts: environment.debianScripts
        )
        var side = try origin(of: Side(release: release), by: found.provenance)
        side.release.source = side.source
        return side
    }

    private func origin(of side: Side, as version: Version) async throws -> Side {
        let entry = try await ledger.artifact(side.release.service, version)
        return try origin(of: side, by: entry?.provenance ?? [])
    }

    /// Adds what a builder has signed that is known here; a signature that does not hold is said, and proves nothing.
    private func origin(of side: Side, by envelopes: [[UInt8]]) throws -> Side {
        var side = side
        let digest = side.release.artifact.digest
        do throws(TrustError) {
            let builders = workspace.layout.builders
            guard let verified = try ProvenanceFiles.verify(envelopes, artifact: digest, builders: builders) else {
                side.doubt = "no builder that is known here has vouched for it"
                return side
            }
            side.builder = verified.builder
            side.source = verified.provenance.source
        } catch {
            side.doubt = "\(error)"
        }
        return side
    }

    private static func absences(_ before: Side, _ after: Side) -> [String] {
        var found: [String] = []
        for side in [before, after] {
            guard let doubt = side.doubt else { continue }
            let line = "builder and source of \(side.release.version): \(doubt)"
            if !found.contains(line) { found.append(line) }
        }
        return found
    }

    // MARK: Contents

    /// Something that is not at hand.
    private struct Absence: Error, CustomStringConvertible {
        let description: String
    }

    private func compareContents(_ before: Side, _ after: Side, into difference: inout ReleaseDifference) async throws {
        let name = try RelativePath(parsing: ServiceSpec.fileName)
        let (old, new) = (try await text(name, of: before), try await text(name, of: after))
        difference.keys = Self.keys(
            try ServiceFile.entries(old, file: "\(name) of \(before.release.version)"),
            try ServiceFile.entries(new, file: "\(name) of \(after.release.version)")
        )
        let (oldFiles, newFiles) = (try files(old, of: before), try files(new, of: after))
        for path in oldFiles + newFiles.filter({ !oldFiles.contains($0) }) {
            let (old, new) = (
                oldFiles.contains(path) ? try await text(path, of: before) : [],
                newFiles.contains(path) ? try await text(path, of: after) : []
            )
            let lines = UnifiedDifference.lines(from: old, to: new)
            if !lines.isEmpty { difference.files.append(.init(path: path.text, lines: lines)) }
        }
    }

    private func text(_ name: RelativePath, of side: Side) async throws -> [UInt8] {
        let artifact = side.release.artifact
        guard try await catalog.holds(artifact.digest) else {
            throw Absence(
                description:
                    "service.yml and units: artifact \(artifact.digest.short) of \(side.release.version) is not here "
                    + "any more"
            )
        }
        do {
            return try await catalog.text(of: name, in: artifact)
        } catch {
            throw Absence(description: "\(name) of \(side.release.version): \(error)")
        }
    }

    /// The unit files that a release brings.
    private func files(_ service: [UInt8], of side: Side) throws -> [RelativePath] {
        let spec: ServiceSpec
        do { spec = try ServiceFile.parse(service, file: ServiceSpec.fileName) } catch {
            throw Absence(description: "units of \(side.release.version): \(error)")
        }
        return switch spec.unit {
        case .file(let path): [path] + spec.sockets
        case .existing, .absent: spec.sockets
        }
    }

    private static func keys(
        _ before: [ServiceFile.Entry],
        _ after: [ServiceFile.Entry]
    ) -> [ReleaseDifference.KeyChange] {
        let old = Dictionary(before.map { ($0.key, $0.value) }) { first, _ in first }
        let new = Dictionary(after.map { ($0.key, $0.value) }) { first, _ in first }
        let names = before.map(\.key) + after.map(\.key).filter { old[$0] == nil }
        return names.compactMap { name in
            guard old[name] != new[name] else { return nil }
            return ReleaseDifference.KeyChange(key: name, before: old[name], after: new[name])
        }
    }
}
