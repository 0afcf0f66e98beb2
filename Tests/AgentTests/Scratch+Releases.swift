import Activation
import Artifacts
import Glibc
import Model
import Storage
import Trust

@testable import Agent

extension Scratch {
    static let service = ServiceName(validated: "web")
    static let environment = EnvironmentName(validated: "test")

    func store() -> ReleaseStore {
        ReleaseStore(service: Self.service, paths: paths, thread: DedicatedThread(name: "test"))
    }

    /// A release in staging, as if `fleet-unpack` had just written it.
    func stage(_ version: String, in store: ReleaseStore) async throws -> ReleaseID {
        let release = Release(
            service: Self.service,
            environment: Self.environment,
            version: try Version(parsing: version),
            artifact: Artifact(digest: SHA256.digest(of: Array(version.utf8)), size: ByteCount(1), format: .tar),
            config: [try ConfigEntry(key: "GREETING", value: "say \"hi\" for $5")]
        )
        let bytes = try CanonicalJSON.encode(release)
        let id = ReleaseID(version: release.version, digest: SHA256.digest(of: bytes))
        let staging = try await store.beginStaging(id).dropFirst(path.count + 1)
        let files = [
            "service.yml": "service: web\nunit: web.service\nhealthy_for: 0s\n",
            "web.service": "[Service]\nExecStart=/srv/web/current/run\n",
        ]
        for (name, text) in files {
            try write("\(staging)/\(name)", text)
            _ = chmod("\(path)/\(staging)/\(name)", 0o644)
        }
        let entries = try files.map { name, text in
            let content = Array(text.utf8)
            let digest = SHA256.digest(of: content)
            let kind = TreeEntry.Kind.file(size: ByteCount(Int64(content.count)), digest: digest, isExecutable: false)
            return TreeEntry(path: try TreePath(Array(name.utf8)), kind: kind)
        }
        try await store.finishStaging(
            id,
            ReleaseMaterial(release: release, bytes: bytes, provenance: [[1, 2]]),
            manifest: TreeManifest(entries).bytes
        )
        return id
    }

    /// A release that is installed and linked, with its unit.
    func deploy(_ version: String, in store: ReleaseStore) async throws -> ReleaseID {
        let id = try await stage(version, in: store)
        try await store.install(id)
        let unit = try RelativePath(parsing: "web.service")
        try await store.change(Switch(to: id, previous: nil, installs: [unit], removes: [], foreignUnit: .none))
        return id
    }
}
