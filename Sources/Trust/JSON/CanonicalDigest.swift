package import Model

/// A value whose identity is the SHA-256 of its canonical JSON.
package protocol CanonicalDigest: Encodable {}

extension CanonicalDigest {
    /// The digest that names this value.
    ///
    /// - Throws: `TrustError` when the value holds a number that canonical JSON can't carry.
    package func digest() throws(TrustError) -> Digest {
        SHA256.digest(of: try CanonicalJSON.encode(self))
    }
}

extension Release: CanonicalDigest {}
extension Plan: CanonicalDigest {}
extension Order: CanonicalDigest {}
