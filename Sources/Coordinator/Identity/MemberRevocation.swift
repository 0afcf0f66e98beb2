package import Model
package import TLS

/// The certificates that a revocation means.
package struct MemberRevocation: Sendable {
    package let certificates: [CertificateSummary]

    /// Finds them by serial, by `NAME`, or by `ROLE/NAME`; of a name all that have not ended.
    ///
    /// - Throws: `CoordinatorError` when there is none, or when members of several roles bear the name.
    package init(of text: String, among issued: [CertificateSummary], at now: WallTime) throws(CoordinatorError) {
        if let found = issued.first(where: { $0.serial == text.lowercased() }) {
            certificates = [found]
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let role = parts.count == 2 ? Role(rawValue: parts[0]) : nil
        let name = parts.count == 2 ? parts[1] : text
        let found = issued.filter { item in
            item.identity.name == name && item.notAfter > now && (parts.count == 1 || item.identity.role == role)
        }
        guard !found.isEmpty else {
            throw CoordinatorError(
                .memberUnknown,
                "no certificate in force has the name or serial '\(text)'; 'fleet ca list --all' shows them"
            )
        }
        let roles = Set(found.map(\.identity.role.rawValue)).sorted()
        guard roles.count == 1 else {
            let choices = roles.map { "\($0)/\(name)" }.joined(separator: " or ")
            throw CoordinatorError(.memberUnknown, "several members are called '\(name)': say \(choices)")
        }
        certificates = found
    }
}
