package import Model

/// An order with all that a host needs to judge it for itself, as one file that people can carry there.
///
/// It says nothing by itself: who approved it is what its signatures say to the host's own list of approvers.
package struct ApprovedOrder: Hashable, Codable, Sendable {
    /// Canonical JSON of an `Order`: exactly what was signed.
    private let order: String
    /// Canonical JSON of the `Release` that the order names.
    private let release: String
    /// DSSE envelopes that speak of the artifact.
    private let provenance: [String]
    /// SSHSIG signatures on `order`.
    private let approvals: [String]

    /// Gathers what travels to hosts.
    ///
    /// - Throws: `TrustError` for what is no text.
    package init(_ material: PrepareOrder) throws(TrustError) {
        order = try Self.text(material.order, "the order")
        release = try Self.text(material.release, "the release")
        var provenance: [String] = []
        for envelope in material.provenance { provenance.append(try Self.text(envelope, "an envelope")) }
        var approvals: [String] = []
        for approval in material.approvals { approvals.append(try Self.text(approval, "an approval")) }
        self.provenance = provenance
        self.approvals = approvals
    }

    /// Reads the file that `bytes` makes; `name` is what messages call it.
    package init(parsing bytes: [UInt8], name: String) throws(TrustError) {
        let end = bytes.last == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count
        do throws(TrustError) {
            self = try CanonicalJSON.decode(
                Self.self,
                from: Array(bytes[..<end]),
                limits: JSONLimits(size: Self.longest)
            )
        } catch {
            throw error.about(name)
        }
    }

    /// Most bytes of such a file: an agent takes it over its local socket.
    private static let longest = 768 << 10

    /// The file.
    package func bytes() throws(TrustError) -> [UInt8] { try CanonicalJSON.encode(self) + [UInt8(ascii: "\n")] }

    /// What a host is given of it.
    package func material(adopting adoption: AdoptionPolicy = .refuse) -> PrepareOrder {
        PrepareOrder(
            order: Array(order.utf8),
            release: Array(release.utf8),
            provenance: provenance.map { Array($0.utf8) },
            approvals: approvals.map { Array($0.utf8) },
            adoptsForeignUnit: adoption
        )
    }

    private static func text(_ bytes: [UInt8], _ what: String) throws(TrustError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TrustError(.jsonInvalid, what, "is not UTF-8, so it can't be put into a file for hosts")
        }
        return text
    }
}
