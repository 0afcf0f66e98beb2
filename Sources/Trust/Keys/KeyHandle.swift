import COpenSSL

/// An `EVP_PKEY` of libcrypto for the time of one operation; freed with its owner.
struct KeyHandle: ~Copyable {
    let pointer: OpaquePointer

    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }

    /// DER of the SubjectPublicKeyInfo.
    func publicDER() -> [UInt8]? {
        LibCrypto.written { i2d_PUBKEY_bio($0, pointer) }
    }

    /// Unencrypted PKCS#8 in PEM.
    func privatePEM() -> [UInt8]? {
        LibCrypto.written { PEM_write_bio_PKCS8PrivateKey($0, pointer, nil, nil, 0, nil, nil) }
    }

    /// Whether `signature`, in libcrypto's form, is this public key's on exactly `message`.
    ///
    /// What is signed is the `hash` of the message; without one, as for Ed25519, the message itself.
    func verifies(_ signature: [UInt8], on message: [UInt8], hash: OpaquePointer?) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, hash, nil, pointer) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// A public key from its DER.
    ///
    /// libcrypto finds out what a key is by trying its decoders one after the other, which takes ten times as long as to
    /// verify with it; so the usual ones are given to it by their kind.
    static func fromPublicDER(_ der: [UInt8]) -> Self? {
        if let (algorithm, point) = KeyAlgorithm.read(publicDER: der) { return fromPoint(point, of: algorithm) }
        return Self(LibCrypto.reading(der) { d2i_PUBKEY_bio($0, nil) })
    }

    /// A public key by itself; nil for a point that is not on the curve.
    static func fromPoint(_ point: [UInt8], of algorithm: KeyAlgorithm) -> Self? {
        ERR_clear_error()
        switch algorithm {
        case .ed25519:
            return Self(EVP_PKEY_new_raw_public_key_ex(nil, algorithm.libcryptoName, nil, point, point.count))
        case .p256: return Self(fleet_p256_from_point(point, point.count))
        }
    }

    /// A private key from its PEM; one with a passphrase is refused instead of asking on the terminal.
    static func fromPrivatePEM(_ pem: [UInt8]) -> Self? {
        Self(LibCrypto.reading(pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) })
    }

    /// A new private key.
    static func generate(_ algorithm: KeyAlgorithm) -> Self? {
        ERR_clear_error()
        guard let context = EVP_PKEY_CTX_new_from_name(nil, algorithm.libcryptoName, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1 else { return nil }
        switch algorithm {
        case .ed25519: break
        case .p256: guard EVP_PKEY_CTX_set_group_name(context, "P-256") == 1 else { return nil }
        }
        var pointer: OpaquePointer?
        guard EVP_PKEY_keygen(context, &pointer) == 1 else { return nil }
        return Self(pointer)
    }
}
