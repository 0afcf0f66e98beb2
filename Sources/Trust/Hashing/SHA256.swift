import COpenSSL
package import Model

/// SHA-256 of bytes as they come, by libcrypto.
///
/// The provider's implementation is fetched once per process: an implicit fetch per digest costs more than hashing a
/// tree node.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Address of the fetched EVP_MD, which is immutable, shared by all threads and never freed.
    private static let algorithmAddress: Int = {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("libcrypto has no SHA-256: \(LibCrypto.lastError())")
        }
        return Int(bitPattern: algorithm)
    }()

    static var algorithm: OpaquePointer? { OpaquePointer(bitPattern: algorithmAddress) }

    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Self.algorithm, nil) == 1 else {
            preconditionFailure("libcrypto can't begin a SHA-256: \(LibCrypto.lastError())")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "libcrypto can't go on with a SHA-256")
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of everything so far; the hasher is used up.
    package consuming func finalize() -> Digest {
        Digest(bytes: finalizeBytes())
    }

    consuming func finalizeBytes() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Digest.byteCount) { buffer, count in
            let status = EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            precondition(status == 1, "libcrypto can't finish a SHA-256")
            count = Digest.byteCount
        }
    }

    /// The digest of bytes in memory.
    package static func digest(of bytes: UnsafeRawBufferPointer) -> Digest {
        var hasher = Self()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The digest of bytes in memory.
    package static func digest(of bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { digest(of: $0) }
    }
}
