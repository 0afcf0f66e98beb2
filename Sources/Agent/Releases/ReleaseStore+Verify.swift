internal import Activation
internal import Artifacts
internal import Glibc
internal import Model
internal import Trust

extension ReleaseStore {
    /// The digest of a release's manifest; for the journal, because the file itself lies where it could be edited.
    func manifest(of release: ReleaseID) throws -> Digest {
        SHA256.digest(of: try papers(ReleaseFiles.manifest, of: release))
    }

    /// How the release on disk differs from what was verified and unpacked, one sentence each.
    ///
    /// The tree is held against its manifest, that against `manifest` from the journal, Fleet's own papers against the
    /// release's digest, and what was installed against what would be. What can't be read any more is a difference too.
    func differences(of release: ReleaseID, manifest: Digest?) -> [String] {
        difference { try linkDifference(release) } + difference { try paperDifferences(release) }
            + difference { try treeDifferences(of: release, manifest: manifest) }
            + difference { try unitDrift(of: release) }
    }

    /// How the links of instances differ while nobody changes the service.
    func instanceDifferences(of deployment: Deployment) -> [String] {
        difference { try instanceDrift(of: deployment) }
    }

    /// How it differs by what each look can afford: units and papers as they are, of the tree what was changed since it was
    /// unpacked, as far as the file system knows.
    func drift(of release: ReleaseID, manifest: Digest?, _ glance: TreeGlance) -> [String] {
        difference { try paperDifferences(release) } + difference { try unitDrift(of: release) }
            + difference {
                let bytes = try papers(ReleaseFiles.manifest, of: release)
                return try glance.differences(
                    manifestDifference(bytes, manifest),
                    in: paths.tree(service, release),
                    manifest: bytes
                )
            }
    }

    /// Whether the tree or what Fleet keeps beside it is not what was unpacked.
    func isWhole(_ restoration: Restoration) -> Bool {
        let release = restoration.release
        let papers = difference { try paperDifferences(release) }
        return papers.isEmpty
            && difference { try treeDifferences(of: release, manifest: restoration.manifest) }.isEmpty
    }

    /// What was ordered, and what vouched for it; for a tree that is to be unpacked again.
    func material(of id: ReleaseID) throws -> ReleaseMaterial {
        let tree = try Directory(path: paths.tree(service, id))
        guard let bytes = try tree.read(ReleaseFiles.release), SHA256.digest(of: bytes) == id.digest else {
            throw Failure(
                .artifactMissing,
                "\(tree.full(ReleaseFiles.release)) is not what was ordered any more, so that nobody here knows what \(id) "
                    + "was; roll it out again"
            )
        }
        var provenance: [[UInt8]] = []
        while let envelope = try tree.read(ReleaseFiles.provenance(provenance.count)) { provenance.append(envelope) }
        return ReleaseMaterial(
            release: try CanonicalJSON.decode(Release.self, from: bytes),
            bytes: bytes,
            provenance: provenance
        )
    }

    private func difference(_ find: () throws -> [String]) -> [String] {
        do { return try find() } catch { return ["unreadable: \(error)"] }
    }

    private func linkDifference(_ release: ReleaseID) throws -> [String] {
        let target = try Directory(path: paths.service(service)).link(Self.current)
        guard target != Self.target(of: release) else { return [] }
        return ["link current points to \(target ?? "nothing"), expected \(Self.target(of: release))"]
    }

    private func paperDifferences(_ release: ReleaseID) throws -> [String] {
        let bytes = try papers(ReleaseFiles.release, of: release)
        // Without it nobody knows what the rest should be.
        guard SHA256.digest(of: bytes) == release.digest else { return ["changed: \(ReleaseFiles.release)"] }
        let expected = EnvironmentFile.render(try CanonicalJSON.decode(Release.self, from: bytes).config)
        let file = "\(paths.tree(service, release))/\(ReleaseFiles.environmentFile)"
        var status = stat()
        guard lstat(file, &status) == 0 else { return ["missing: \(ReleaseFiles.environmentFile)"] }
        guard status.st_mode & S_IFMT == S_IFREG else { return ["type changed: \(ReleaseFiles.environmentFile)"] }
        let found = try papers(ReleaseFiles.environmentFile, of: release)
        let content = found == expected ? [] : ["changed: \(ReleaseFiles.environmentFile)"]
        let mode = status.st_mode & 0o7777 == ReleaseFiles.environmentMode
        return content + (mode ? [] : ["mode changed: \(ReleaseFiles.environmentFile)"])
    }

    /// How the tree differs from its manifest, and that from `manifest`.
    func treeDifferences(of release: ReleaseID, manifest: Digest?) throws -> [String] {
        let bytes = try papers(ReleaseFiles.manifest, of: release)
        let origin = manifestDifference(bytes, manifest)
        let tree = difference {
            try TreeManifest(parsing: bytes).verify(directory: paths.tree(service, release)).map(\.description)
        }
        return origin + tree
    }

    private func manifestDifference(_ bytes: [UInt8], _ manifest: Digest?) -> [String] {
        switch manifest {
        case SHA256.digest(of: bytes)?: []
        case nil: ["unproven: \(ReleaseFiles.manifest), which the journal has no digest of"]
        case _?: ["changed: \(ReleaseFiles.manifest)"]
        }
    }

    /// One of Fleet's own files beside a release.
    private func papers(_ name: String, of release: ReleaseID) throws -> [UInt8] {
        let tree = try Directory(path: tree(of: release))
        guard let bytes = try tree.read(name) else {
            throw FileError(operation: "open", path: tree.full(name), errno: ENOENT)
        }
        return bytes
    }
}
