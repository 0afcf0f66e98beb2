import COpenSSL
import Model

/// The contents of one certificate before it is signed.
struct CertificateTemplate {
    /// Clocks of a fleet differ; a certificate must work on a host that is a little behind.
    static let backdating = TimeSpan.minutes(5)

    enum Kind {
        /// Signs intermediates, and itself.
        case root
        /// Signs members and revocations, no further authority.
        case intermediate
        case member
    }

    let kind: Kind
    let commonName: String
    let uri: String
    let now: WallTime
    let validity: TimeSpan

    private var extensions: [(nid: Int32, value: String)] {
        switch kind {
        case .root:
            [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:1"),
                (NID_key_usage, "critical,keyCertSign,cRLSign"),
                (NID_subject_key_identifier, "hash"),
                (NID_subject_alt_name, "URI:\(uri)"),
            ]
        case .intermediate:
            [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
                (NID_key_usage, "critical,keyCertSign,cRLSign"),
                (NID_subject_key_identifier, "hash"),
                (NID_authority_key_identifier, "keyid"),
                (NID_subject_alt_name, "URI:\(uri)"),
            ]
        case .member:
            [
                (NID_basic_constraints, "critical,CA:FALSE"),
                (NID_key_usage, "critical,digitalSignature"),
                (NID_ext_key_usage, "clientAuth,serverAuth"),
                (NID_subject_key_identifier, "hash"),
                (NID_authority_key_identifier, "keyid"),
                (NID_subject_alt_name, "URI:\(uri)"),
            ]
        }
    }

    /// Signs a certificate for `subject`; without an issuer it signs itself.
    func sign(
        subject: PrivateKey,
        issuer: (certificate: Certificate, key: PrivateKey)?
    ) throws(TLSError) -> Certificate {
        ErrorStack.clear()
        guard let pointer = X509_new() else { throw .library("X509_new") }
        let certificate = Certificate(owning: pointer)
        guard X509_set_version(pointer, Int(X509_VERSION_3)) == 1 else { throw .library("X509_set_version") }
        guard X509_set_pubkey(pointer, subject.pointer) == 1 else { throw .library("X509_set_pubkey") }
        try setSerial(pointer)
        try setDates(pointer)
        try setNames(pointer, issuer: issuer?.certificate)
        try setExtensions(pointer, issuer: issuer?.certificate.pointer ?? pointer)
        guard X509_sign(pointer, (issuer?.key ?? subject).pointer, EVP_sha256()) > 0 else {
            throw .library("X509_sign")
        }
        return certificate
    }

    /// 16 random bytes, positive and never shorter (RFC 5280 section 4.1.2.2 allows 20).
    private func setSerial(_ pointer: OpaquePointer) throws(TLSError) {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard RAND_bytes(&bytes, Int32(bytes.count)) == 1 else { throw .library("RAND_bytes") }
        bytes.insert(1, at: 0)
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { throw .library("BN_bin2bn") }
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil else {
            throw .library("BN_to_ASN1_INTEGER")
        }
    }

    private func setDates(_ pointer: OpaquePointer) throws(TLSError) {
        let begin = (now.milliseconds - Self.backdating.milliseconds) / 1000
        let end = (now + validity).milliseconds / 1000
        guard ASN1_TIME_set(X509_getm_notBefore(pointer), Int(begin)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(pointer), Int(end)) != nil
        else { throw .library("ASN1_TIME_set") }
    }

    private func setNames(_ pointer: OpaquePointer, issuer: Certificate?) throws(TLSError) {
        let name = X509_get_subject_name(pointer)
        // RFC 5280 allows 64 characters here; nothing is decided on it, the URI says who it is.
        let text = Array(commonName.utf8.prefix(64))
        guard X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text, Int32(text.count), -1, 0) == 1
        else {
            throw .library("X509_NAME_add_entry_by_NID")
        }
        let issuerName = issuer.map { X509_get_subject_name($0.pointer) } ?? name
        guard X509_set_issuer_name(pointer, issuerName) == 1 else { throw .library("X509_set_issuer_name") }
    }

    private func setExtensions(_ pointer: OpaquePointer, issuer: OpaquePointer) throws(TLSError) {
        var context = X509V3_CTX()
        fleet_x509v3_set_context(&context, issuer, pointer)
        for (nid, value) in extensions {
            guard let made = X509V3_EXT_conf_nid(nil, &context, nid, value) else {
                throw .library("X509V3_EXT_conf_nid")
            }
            defer { X509_EXTENSION_free(made) }
            guard X509_add_ext(pointer, made, -1) == 1 else { throw .library("X509_add_ext") }
        }
    }
}
