/// One person's yes to one order.
package struct Approval: Hashable, Codable, Sendable {
    /// SHA-256 of the order's exact bytes.
    package let order: Digest
    /// Who has signed, as the approvers' file names them; hosts find out for themselves.
    package let person: String
    /// The armored SSHSIG.
    package let signature: [UInt8]
    package let kind: Kind

    package init(order: Digest, person: String, signature: [UInt8], kind: Kind = .ordinary) {
        self.order = order
        self.person = person
        self.signature = signature
        self.kind = kind
    }

    package enum Kind: String, Codable, Sendable {
        case ordinary
        /// Stands for all approvals that are missing, in an emergency.
        case breakGlass = "break_glass"
    }
}
