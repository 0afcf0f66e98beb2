package import Model

/// Whom the hosts of a fleet believe, as one document that people sign: the files that say so, and who may change them.
///
/// Follows the root role of The Update Framework (TUF specification, 5.3): each version is signed by enough keys of the
/// version before and by enough of its own, and versions follow each other one by one. So a stolen key below the threshold
/// changes nothing, and nobody can take a host back to an older version.
package struct TrustRoot: Hashable, Sendable {
    package struct Key: Hashable, Sendable {
        /// Who holds the private half; for people.
        package let name: String
        package let key: VerificationKey

        package init(name: String, key: VerificationKey) {
            self.name = name
            self.key = key
        }
    }

    package let fleet: FleetName
    /// Counts from 1.
    package let version: Int
    /// When hosts stop to take releases until they get the next version; nil for never.
    package let expires: WallTime?
    /// Distinct keys that must sign this version, and the next one.
    package let threshold: Int
    package let keys: [Key]
    /// What hosts keep in `/etc/fleet/trust`, sorted by path.
    package let files: [TrustFile]

    package static let maximumKeys = 16
    package static let maximumFiles = 1024
    /// Bytes of a signed root, well below a control frame's.
    package static let maximumSize = 512 << 10
    package static let payloadType = "application/vnd.fleet.trust-root+json"

    /// - Throws: `TrustError.Code.rootInvalid` with what can't be.
    package init(
        fleet: FleetName,
        version: Int,
        expires: WallTime? = nil,
        threshold: Int,
        keys: [Key],
        files: [TrustFile]
    ) throws(TrustError) {
        self.fleet = fleet
        self.version = version
        self.expires = expires
        self.threshold = threshold
        self.keys = keys
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        guard version >= 1 else { throw refusal("versions count from 1") }
        guard keys.count <= Self.maximumKeys, files.count <= Self.maximumFiles else {
            throw refusal(
                "\(keys.count) keys and \(files.count) files are more than \(Self.maximumKeys) and \(Self.maximumFiles)"
            )
        }
        guard Set(keys.map(\.key.id)).count == keys.count, Set(keys.map { Array($0.name.utf8) }).count == keys.count
        else {
            throw refusal("a key or a name stands there twice, and would count once")
        }
        guard 1...max(keys.count, 1) ~= threshold, !keys.isEmpty else {
            throw refusal("the threshold is \(threshold) of \(keys.count) keys: nobody could ever change it")
        }
        guard Set(files.map { Array($0.path.utf8) }).count == files.count else {
            throw refusal("a file stands there twice")
        }
        guard files.contains(where: { $0.path.hasPrefix("builders/") }) else {
            throw refusal("it has no builder: hosts would believe nobody")
        }
    }

    package var description: String { "trust root \(version) of \(fleet)" }

    private func refusal(_ advice: String) -> TrustError { TrustError(.rootInvalid, description, advice) }

    /// Whether hosts take no releases by it any more.
    package func hasExpired(at now: WallTime) -> Bool { expires.map { $0 <= now } ?? false }
}
