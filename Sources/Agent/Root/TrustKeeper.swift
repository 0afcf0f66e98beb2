internal import Configuration
internal import Logging
internal import Model
internal import Trust

/// Keeps this host's trust root: who may change whom it believes, and the files that say so.
///
/// Who brings the next root proves nothing by it: its signatures decide. The first one comes with enrolment.
actor TrustKeeper {
    private let paths: AgentPaths
    private let logger: Logger

    init(paths: AgentPaths, logger: Logger) {
        self.paths = paths
        self.logger = logger
    }

    /// What this host follows; nil for one whose trust is files alone.
    func state() throws(TrustError) -> TrustState? { try Self.held(paths).map(Self.state) }

    /// The root that is on disk.
    static func held(_ paths: AgentPaths) throws(TrustError) -> SignedRoot? {
        guard let bytes = try TrustedFile.readIfPresent(paths.root, .rootInvalid) else { return nil }
        return try SignedRoot(json: bytes, name: paths.root)
    }

    /// Follows the next root, if it may be followed; the one at hand once more changes nothing.
    ///
    /// - Throws: `TrustError` for the rule that fails, `ConfigurationError` for a policy that can't be read, `FileError`.
    func take(_ bytes: [UInt8]) throws -> TrustState {
        guard let held = try Self.held(paths) else {
            throw TrustError(
                .rootRefused,
                "this host",
                "follows no trust root: give it the first one over ssh, with 'fleet host add'"
            )
        }
        let offered = try SignedRoot(json: bytes)
        guard offered.digest != held.digest else { return Self.state(held) }
        let root = try offered.following(held.root)
        for file in root.files where file.path == "policy.yml" {
            _ = try TrustPolicyFile.parse(Array(file.text.utf8), file: "policy.yml of \(root.description)")
        }
        let files = root.files.map { ($0.path, Array($0.text.utf8)) }
        try TrustExchange(path: paths.trust).replace(with: files + [(AgentPaths.rootName, bytes)])
        logger.notice(
            "trust root replaced",
            metadata: ["version": "\(root.version)", "digest": "\(offered.digest.short)"]
        )
        return Self.state(offered)
    }

    private static func state(_ signed: SignedRoot) -> TrustState {
        TrustState(version: signed.root.version, digest: signed.digest, expires: signed.root.expires)
    }
}
