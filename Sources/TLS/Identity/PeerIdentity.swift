/// Who someone is on the wire: the one SPIFFE id of a certificate, `spiffe://<fleet>/<role>/<name>`.
///
/// Characters are those that SPIFFE allows (SPIFFE-ID section 2), so an identity is safe in logs, paths and extensions.
package struct PeerIdentity: Hashable, Sendable, CustomStringConvertible {
    package let fleet: String
    package let role: Role
    package let name: String

    private static let scheme = "spiffe://"
    /// A domain name's limit, and more than any host, person or fleet needs.
    private static let longestPart = 253

    /// - Throws: `TLSError` with `invalidIdentity` when a part is empty, too long or has other characters.
    package init(fleet: String, role: Role, name: String) throws(TLSError) {
        try Self.validateFleet(fleet)
        guard Self.isName(name) else {
            throw TLSError(
                .invalidIdentity,
                "'\(name)'",
                advice:
                    "is no name: use 1 to \(Self.longestPart) letters, digits, '-', '_' and '.', but not '.' or '..'"
            )
        }
        self.fleet = fleet
        self.role = role
        self.name = name
    }

    /// - Throws: `TLSError` with `invalidIdentity` unless `uri` has exactly the three parts.
    package init(uri: String) throws(TLSError) {
        let parts = uri.dropFirst(Self.scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard uri.hasPrefix(Self.scheme), parts.count == 3, let role = Role(rawValue: String(parts[1])),
            Role.certified.contains(role)
        else {
            let roles = Role.certified.map(\.rawValue).joined(separator: "|")
            throw TLSError(
                .invalidIdentity,
                "'\(uri.prefix(300))'",
                advice: "is no fleet identity: expected spiffe://FLEET/\(roles)/NAME"
            )
        }
        try self.init(fleet: String(parts[0]), role: role, name: String(parts[2]))
    }

    /// Whoever shows no certificate.
    package static func guest(of fleet: String) throws(TLSError) -> Self {
        try Self(fleet: fleet, role: .guest, name: Role.guest.rawValue)
    }

    package var uri: String { "\(Self.scheme)\(fleet)/\(role)/\(name)" }

    package var description: String { uri }

    static func validateFleet(_ fleet: String) throws(TLSError) {
        guard isFleet(fleet) else {
            throw TLSError(
                .invalidIdentity,
                "'\(fleet)'",
                advice: "is no fleet name: use 1 to \(longestPart) lower-case letters, digits, '-', '_' and '.'"
            )
        }
    }

    private static func isFleet(_ text: String) -> Bool {
        isName(text) && !text.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    private static func isName(_ text: String) -> Bool {
        guard (1...longestPart).contains(text.utf8.count), text != ".", text != ".." else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            case _:
                false
            }
        }
    }
}
