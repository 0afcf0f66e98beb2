/// What makes a host a member, as its coordinator hands it over.
package struct JoinGrant: Hashable, Sendable {
    /// One file below the host's directory of trust.
    package struct File: Hashable, Sendable {
        package let path: String
        package let content: [UInt8]

        package init(path: String, content: [UInt8]) {
            self.path = path
            self.content = content
        }
    }

    /// PEM: the certificate, then its intermediate.
    package let chain: [UInt8]
    /// PEM: the fleet's root.
    package let root: [UInt8]
    /// PEM; empty when nothing was ever revoked.
    package let revocations: [UInt8]
    /// Whom the host shall believe; the token has their digest.
    package let files: [File]

    package init(chain: [UInt8], root: [UInt8], revocations: [UInt8], files: [File]) {
        self.chain = chain
        self.root = root
        self.revocations = revocations
        self.files = files
    }
}
