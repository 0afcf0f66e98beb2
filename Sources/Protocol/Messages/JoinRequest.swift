/// What a guest brings to be made a member: nothing in it is a secret, and nothing of it counts on another connection.
package struct JoinRequest: Hashable, Sendable {
    /// The canonical JSON that was signed, as exact bytes.
    package let statement: [UInt8]
    /// Public half of the token's key in DER; the token's id is its SHA-256.
    package let token: [UInt8]
    package let signature: [UInt8]

    package init(statement: [UInt8], token: [UInt8], signature: [UInt8]) {
        self.statement = statement
        self.token = token
        self.signature = signature
    }
}
