internal import Activation
internal import Artifacts
internal import Configuration
internal import Glibc
internal import Model
internal import Storage
internal import Trust

/// The releases of one service on disk: staging, trees, links and unit files.
///
/// Every method is one step that may be repeated after a crash and then ends in the same state. All of them run on the
/// host's one thread.
actor ReleaseStore {
    let service: ServiceName
    let paths: AgentPaths
    private let thread: DedicatedThread

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(service: ServiceName, paths: AgentPaths, thread: DedicatedThread) {
        self.service = service
        self.paths = paths
        self.thread = thread
    }

    // MARK: Staging

    /// Where a release is unpacked before it has a name; on the same file system as `releases/`.
    private nonisolated func stagingName(_ release: ReleaseID) -> String { "\(Self.stagingPrefix)\(release)" }

    private static let stagingPrefix = ".staging-"
    private static let doomedPrefix = ".deleted-"

    /// Where that is.
    nonisolated func stagingPath(_ release: ReleaseID) -> String {
        "\(paths.releases(service))/\(stagingName(release))"
    }

    /// `releases/`, made if it is missing.
    func releasesDirectory() throws(FileError) -> String { try Directory(creating: paths.releases(service)).path }

    /// An empty staging directory; what a crash left of an earlier one is removed.
    func beginStaging(_ release: ReleaseID) throws(FileError) -> String {
        let releases = try Directory(creating: paths.releases(service))
        let name = stagingName(release)
        try Tree.remove(name, in: releases)
        return try Directory(creating: releases.full(name)).path
    }

    /// Puts Fleet's own files beside the unpacked ones.
    func finishStaging(_ release: ReleaseID, _ material: ReleaseMaterial, manifest: [UInt8]) throws(FileError) {
        let staging = "\(paths.releases(service))/\(stagingName(release))"
        let own = try Directory(creating: "\(staging)/\(ReleaseFiles.directory)")
        func write(_ path: String, _ content: [UInt8], mode: mode_t) throws(FileError) {
            // A Directory takes names, not paths.
            try own.write(String(path.dropFirst(ReleaseFiles.directory.count + 1)), content, mode: mode)
        }
        try write(ReleaseFiles.manifest, manifest, mode: 0o644)
        try write(ReleaseFiles.release, material.bytes, mode: 0o644)
        try write(
            ReleaseFiles.environmentFile,
            EnvironmentFile.render(material.release.config),
            mode: ReleaseFiles.environmentMode
        )
        for (index, envelope) in material.provenance.enumerated() {
            try write(ReleaseFiles.provenance(index), envelope, mode: 0o644)
        }
    }

    /// Makes staging durable and gives it its name; a tree of that name is replaced.
    func install(_ release: ReleaseID) throws(FileError) {
        let releases = try Directory(creating: paths.releases(service))
        guard releases.exists(stagingName(release)) else {
            // A repetition after a crash between the rename and its result.
            guard releases.exists(release.description) else {
                throw FileError(operation: "rename", path: releases.full(stagingName(release)), errno: ENOENT)
            }
            return
        }
        try releases.syncFileSystem()
        try delete(release)
        try releases.rename(stagingName(release), to: release.description)
    }

    /// Puts what is in staging in the place of a release's tree, which may be in use by nobody.
    func replace(_ release: ReleaseID) throws(FileError) {
        let releases = try Directory(creating: paths.releases(service))
        let staging = stagingName(release)
        try releases.syncFileSystem()
        if releases.exists(release.description) {
            try releases.exchange(staging, with: release.description)
        } else {
            try releases.rename(staging, to: release.description)
        }
        try Tree.remove(staging, in: releases)
    }

    func discardStaging(_ release: ReleaseID) throws(FileError) {
        let releases = try Directory(creating: paths.releases(service))
        try Tree.remove(stagingName(release), in: releases)
    }

    /// Removes a release's tree.
    func delete(_ release: ReleaseID) throws(FileError) {
        let releases = try Directory(creating: paths.releases(service))
        // First out of its name, so that a crash leaves no half tree that looks whole.
        let doomed = "\(Self.doomedPrefix)\(release)"
        if releases.exists(release.description) { try releases.rename(release.description, to: doomed) }
        try Tree.remove(doomed, in: releases)
    }

    /// Makes links, trees and units durable as they are now.
    ///
    /// An agent that was killed between a rename and its fsync leaves a name that looks right and would not outlive a power
    /// cut, and what looks right is not written again.
    func settle() throws(FileError) {
        try Directory(creating: paths.service(service)).syncFileSystem()
        try Directory(creating: paths.units).syncFileSystem()
    }

    /// Removes what preparations and deletions that were cut off, or could not remove it, have left; says what it was.
    ///
    /// Only while nothing is unpacked: before an agent takes its first request, and at the beginning of a preparation, of
    /// which a service has one at a time.
    @discardableResult
    func removeLeftovers() throws(FileError) -> [String] {
        let releases = try Directory(creating: paths.releases(service))
        let left = try releases.entries().filter { name in
            name.hasPrefix(Self.stagingPrefix) || name.hasPrefix(Self.doomedPrefix)
        }
        for name in left { try Tree.remove(name, in: releases) }
        if !left.isEmpty { try releases.sync() }
        return left
    }

    // MARK: Reading

    /// The tree of a release: its own place, or staging while it has none.
    func tree(of release: ReleaseID) -> String {
        let tree = paths.tree(service, release)
        return access(tree, F_OK) == 0 ? tree : "\(paths.releases(service))/\(stagingName(release))"
    }

    /// What a release's own `service.yml` says.
    func spec(of release: ReleaseID) throws -> ServiceSpec { try spec(inTree: tree(of: release)) }

    func spec(inTree tree: String) throws -> ServiceSpec {
        let directory = try Directory(path: tree)
        guard let bytes = try directory.read(ServiceSpec.fileName) else {
            throw Failure(
                .specInvalid,
                "the artifact has no \(ServiceSpec.fileName) at its top; add one and pack again"
            )
        }
        return try ServiceFile.parse(bytes, file: ServiceSpec.fileName)
    }

    /// The release as it was ordered.
    func release(of id: ReleaseID) throws -> Release {
        let directory = try Directory(path: tree(of: id))
        guard let bytes = try directory.read(ReleaseFiles.release) else {
            throw FileError(operation: "open", path: directory.full(ReleaseFiles.release), errno: ENOENT)
        }
        return try CanonicalJSON.decode(Release.self, from: bytes)
    }

    /// Digest of what systemd reads of a release when it starts the service; nil where nothing is reloaded.
    func startup(of id: ReleaseID, _ spec: ServiceSpec, _ release: Release) throws -> Digest? {
        guard spec.strategy == .reload else { return nil }
        var parts: [[UInt8]] = []
        for path in Deployment(id: id, spec: spec).unitFiles {
            parts += [Array(path.name.utf8), try content(path, of: id)]
        }
        parts.append(EnvironmentFile.render(release.config))
        parts += release.secrets.map { Array("\($0.variable):\($0.credential)".utf8) }
        // Each with its length, so that none can pass for two.
        return SHA256.digest(of: parts.flatMap { Array("\($0.count) ".utf8) + $0 })
    }

    /// What stands in a file of a release's tree.
    func content(_ path: RelativePath, of release: ReleaseID) throws -> [UInt8] {
        let directory = try Directory(path: tree(of: release))
        guard let bytes = try directory.read(path.text) else {
            throw Failure(.specInvalid, "the artifact has no '\(path)', which its \(ServiceSpec.fileName) names")
        }
        return bytes
    }

    /// The release that a link names, or nil.
    func linked(_ name: String) throws(FileError) -> ReleaseID? {
        guard let target = try Directory(creating: paths.service(service)).link(name) else { return nil }
        return identity(target.split(separator: "/").last.map(String.init) ?? "")?.id
    }

    /// What a link to a release holds.
    static func target(of release: ReleaseID) -> String { "releases/\(release)" }

    /// Every readable tree in `releases/`.
    func allReleases() throws(FileError) -> [DiskFacts.Found] {
        let names = try Directory(creating: paths.releases(service)).entries()
        return names.filter { !$0.hasPrefix(".") }.compactMap(found)
    }

    /// A tree that can't be read is left where it is and is no release.
    private func found(_ name: String) -> DiskFacts.Found? {
        guard let (id, release) = identity(name) else { return nil }
        let installed = InstalledRelease(id: id, artifact: release.artifact.digest, source: release.source)
        do {
            let spec = try spec(inTree: "\(paths.releases(service))/\(name)")
            let startup = try startup(of: id, spec, release)
            return DiskFacts.Found(installed: installed, spec: spec, startup: startup)
        } catch {
            return nil
        }
    }

    /// Which release a directory's own papers say it is; nil for one that has another name or none.
    private func identity(_ name: String) -> (id: ReleaseID, release: Release)? {
        do {
            let tree = try Directory(path: "\(paths.releases(service))/\(name)")
            guard let bytes = try tree.read(ReleaseFiles.release) else { return nil }
            let release = try CanonicalJSON.decode(Release.self, from: bytes)
            let id = ReleaseID(version: release.version, digest: SHA256.digest(of: bytes))
            return id.description == name ? (id, release) : nil
        } catch {
            return nil
        }
    }
}
