import COpenSSL
import Model

/// Owns an X509_CRL.
final class CertificateRevocations {
    private let pointer: OpaquePointer

    /// Takes over the reference that the caller holds.
    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { X509_CRL_free(pointer) }

    // MARK: Reading

    func isSigned(by signer: Certificate) -> Bool {
        defer { ErrorStack.clear() }
        let subject = X509_get_subject_name(signer.pointer)
        guard X509_NAME_cmp(X509_CRL_get_issuer(pointer), subject) == 0 else { return false }
        return X509_CRL_verify(pointer, X509_get0_pubkey(signer.pointer)) == 1
    }

    /// The CRL number extension (RFC 5280, section 5.2.3); nil when it is missing or no number of ours.
    var number: Int64? {
        guard let raw = X509_CRL_get_ext_d2i(pointer, NID_crl_number, nil, nil) else { return nil }
        let integer = raw.assumingMemoryBound(to: ASN1_INTEGER.self)
        defer { ASN1_INTEGER_free(integer) }
        var value: Int64 = 0
        return ASN1_INTEGER_get_int64(&value, integer) == 1 ? value : nil
    }

    var entries: [Revocation] {
        guard let stack = X509_CRL_get_REVOKED(pointer) else { return [] }
        return (0..<OPENSSL_sk_num(stack)).compactMap { index in
            guard let raw = OPENSSL_sk_value(stack, index) else { return nil }
            let entry = OpaquePointer(raw)
            return Revocation(
                serial: Certificate.text(serial: X509_REVOKED_get0_serialNumber(entry)),
                at: Certificate.wallTime(X509_REVOKED_get0_revocationDate(entry)),
                reason: Self.reason(of: entry)
            )
        }
    }

    private static func reason(of entry: OpaquePointer) -> Revocation.Reason {
        guard let raw = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nil, nil) else { return .unspecified }
        let value = raw.assumingMemoryBound(to: ASN1_ENUMERATED.self)
        defer { ASN1_ENUMERATED_free(value) }
        return Revocation.Reason(rawValue: Int(ASN1_ENUMERATED_get(value))) ?? .unspecified
    }

    // MARK: Making

    /// Signs a new list.
    init(
        number: Int64,
        entries: [Revocation],
        signer: (certificate: Certificate, key: PrivateKey),
        now: WallTime
    ) throws(TLSError) {
        ErrorStack.clear()
        guard let pointer = X509_CRL_new() else { throw .library("X509_CRL_new") }
        self.pointer = pointer
        guard X509_CRL_set_version(pointer, 1) == 1,  // version 2
            X509_CRL_set_issuer_name(pointer, X509_get_subject_name(signer.certificate.pointer)) == 1
        else { throw .library("X509_CRL_set_issuer_name") }
        let since = (now.milliseconds - CertificateTemplate.backdating.milliseconds) / 1000
        try Self.withTime(since) { X509_CRL_set1_lastUpdate(pointer, $0) }
        // RFC 5280 demands it; nothing here goes by it.
        try Self.withTime(signer.certificate.notAfter.milliseconds / 1000) { X509_CRL_set1_nextUpdate(pointer, $0) }
        for entry in entries { try add(entry) }
        X509_CRL_sort(pointer)
        try setExtensions(number: number, signer: signer.certificate)
        guard X509_CRL_sign(pointer, signer.key.pointer, EVP_sha256()) > 0 else { throw .library("X509_CRL_sign") }
    }

    func pem() throws(TLSError) -> String { try PEM.text { PEM_write_bio_X509_CRL($0, pointer) } }

    private func add(_ entry: Revocation) throws(TLSError) {
        guard let revoked = X509_REVOKED_new() else { throw .library("X509_REVOKED_new") }
        var isOwned = false
        defer { if !isOwned { X509_REVOKED_free(revoked) } }
        try Self.withInteger(hexadecimal: entry.serial) { X509_REVOKED_set_serialNumber(revoked, $0) }
        try Self.withTime(entry.at.milliseconds / 1000) { X509_REVOKED_set_revocationDate(revoked, $0) }
        // "unspecified" is to be left out (RFC 5280, section 5.3.1).
        if entry.reason != .unspecified {
            guard let reason = ASN1_ENUMERATED_new() else { throw .library("ASN1_ENUMERATED_new") }
            defer { ASN1_ENUMERATED_free(reason) }
            guard ASN1_ENUMERATED_set(reason, entry.reason.rawValue) == 1,
                X509_REVOKED_add1_ext_i2d(revoked, NID_crl_reason, reason, 0, 0) == 1
            else { throw .library("X509_REVOKED_add1_ext_i2d") }
        }
        guard X509_CRL_add0_revoked(pointer, revoked) == 1 else { throw .library("X509_CRL_add0_revoked") }
        isOwned = true
    }

    private func setExtensions(number: Int64, signer: Certificate) throws(TLSError) {
        guard let integer = ASN1_INTEGER_new() else { throw .library("ASN1_INTEGER_new") }
        defer { ASN1_INTEGER_free(integer) }
        guard ASN1_INTEGER_set_int64(integer, number) == 1,
            X509_CRL_add1_ext_i2d(pointer, NID_crl_number, integer, 0, 0) == 1
        else { throw .library("X509_CRL_add1_ext_i2d") }
        var context = X509V3_CTX()
        fleet_x509v3_set_list_context(&context, signer.pointer, pointer)
        guard let made = X509V3_EXT_conf_nid(nil, &context, NID_authority_key_identifier, "keyid") else {
            throw .library("X509V3_EXT_conf_nid")
        }
        defer { X509_EXTENSION_free(made) }
        guard X509_CRL_add_ext(pointer, made, -1) == 1 else { throw .library("X509_CRL_add_ext") }
    }

    private static func withTime(
        _ seconds: Int64,
        _ body: (UnsafeMutablePointer<ASN1_TIME>) -> Int32
    ) throws(TLSError) {
        guard let time = ASN1_TIME_set(nil, Int(seconds)) else { throw .library("ASN1_TIME_set") }
        defer { ASN1_TIME_free(time) }
        guard body(time) == 1 else { throw .library("X509_CRL_set1_lastUpdate") }
    }

    private static func withInteger(
        hexadecimal: String,
        _ body: (UnsafeMutablePointer<ASN1_INTEGER>) -> Int32
    ) throws(TLSError) {
        var number: OpaquePointer?
        guard BN_hex2bn(&number, hexadecimal) > 0, let number else { throw .library("BN_hex2bn") }
        defer { BN_free(number) }
        guard let integer = BN_to_ASN1_INTEGER(number, nil) else { throw .library("BN_to_ASN1_INTEGER") }
        defer { ASN1_INTEGER_free(integer) }
        guard body(integer) == 1 else { throw .library("X509_REVOKED_set_serialNumber") }
    }
}
