package import Model
package import Trust

/// What the next trust root says otherwise about its keys.
package struct RootChange: Sendable {
    package enum Expiry: Sendable {
        case asBefore
        case never
        case at(WallTime)
    }

    package var added: [TrustRoot.Key]
    /// Names of keys that count no more.
    package var removed: [String]
    /// Nil keeps it; of a first root, more than half of the keys.
    package var threshold: Int?
    package var expiry: Expiry

    package init(
        added: [TrustRoot.Key] = [],
        removed: [String] = [],
        threshold: Int? = nil,
        expiry: Expiry = .asBefore
    ) {
        self.added = added
        self.removed = removed
        self.threshold = threshold
        self.expiry = expiry
    }

    func applied(to held: TrustRoot?, of fleet: FleetName, files: [TrustFile]) throws -> TrustRoot {
        let before = held?.keys ?? []
        if let unknown = removed.first(where: { name in !before.contains { $0.name == name } }) {
            let names = before.map(\.name).joined(separator: ", ")
            throw CoordinatorError(.workspaceInvalid, "the trust root has no key '\(unknown)'; it has \(names)")
        }
        let keys = before.filter { !removed.contains($0.name) } + added
        let expires: WallTime? =
            switch expiry {
            case .asBefore: held?.expires
            case .never: nil
            case .at(let time): time
            }
        return try TrustRoot(
            fleet: fleet,
            version: (held?.version ?? 0) + 1,
            expires: expires,
            threshold: threshold ?? held?.threshold ?? keys.count / 2 + 1,
            keys: keys,
            files: files
        )
    }
}
