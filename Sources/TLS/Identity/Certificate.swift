import COpenSSL
import Glibc
package import Model

/// One X.509 certificate.
///
/// `@unchecked Sendable`: the X509 is never modified after the initialiser, and OpenSSL counts references and fills its
/// caches atomically.
package final class Certificate: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over the reference that the caller holds.
    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { X509_free(pointer) }

    /// Parses all certificates of a PEM text, in their order.
    static func chain(pem: [UInt8], source: String) throws(TLSError) -> [Certificate] {
        var chain: [Certificate] = []
        _ = try PEM.read(pem) { bio -> Void? in
            while let certificate = PEM_read_bio_X509(bio, nil, nil, nil) {
                chain.append(Certificate(owning: certificate))
            }
            return ()
        }
        let stack = ErrorStack.take()
        guard !chain.isEmpty, stack.entries.allSatisfy({ $0.reason == PEM_R_NO_START_LINE }) else {
            throw TLSError(.notPEM, source, advice: "holds no readable PEM certificate", stack: stack.texts)
        }
        return chain
    }

    func pem() throws(TLSError) -> String {
        try PEM.text { PEM_write_bio_X509($0, pointer) }
    }

    /// The key that it certifies, as `openssl x509 -pubkey` writes it.
    func publicKeyPEM() throws(TLSError) -> String {
        try PEM.text { PEM_write_bio_PUBKEY($0, X509_get0_pubkey(pointer)) }
    }

    /// SHA-256 of its DER.
    package var fingerprint: Digest {
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        var count = UInt32(bytes.count)
        let result = X509_digest(pointer, EVP_sha256(), &bytes, &count)
        precondition(result == 1 && count == UInt32(bytes.count), "libcrypto has no SHA-256")
        return Digest(bytes: bytes)
    }

    package var notBefore: WallTime { Self.wallTime(X509_get0_notBefore(pointer)) }
    package var notAfter: WallTime { Self.wallTime(X509_get0_notAfter(pointer)) }
    package var validity: Validity { Validity(notBefore: notBefore, notAfter: notAfter) }

    /// Lower-case hexadecimal without leading zeros.
    package var serial: String { Self.text(serial: X509_get0_serialNumber(pointer)) }

    static func text(serial: UnsafePointer<ASN1_INTEGER>?) -> String {
        guard let number = ASN1_INTEGER_to_BN(serial, nil) else { return "unknown" }
        defer { BN_free(number) }
        guard let text = BN_bn2hex(number) else { return "unknown" }
        defer { fleet_openssl_free(text) }
        let digits = String(cString: text).lowercased().drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }

    /// Whether the key of `issuer` has signed this certificate, and it says so itself.
    func isSigned(by issuer: Certificate) -> Bool {
        defer { ErrorStack.clear() }
        guard X509_check_issued(issuer.pointer, pointer) == X509_V_OK else { return false }
        return X509_verify(pointer, X509_get0_pubkey(issuer.pointer)) == 1
    }

    /// Whether it is an authority that may sign revocation lists.
    var signsRevocations: Bool {
        X509_check_ca(pointer) == 1 && X509_get_key_usage(pointer) & UInt32(KU_CRL_SIGN) != 0
    }

    /// Whether it names itself as its issuer, as roots do.
    var isSelfIssued: Bool {
        X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_issuer_name(pointer)) == 0
    }

    /// The subject, as OpenSSL prints it; for messages only, nothing is decided on it.
    package var subject: String {
        guard let text = X509_NAME_oneline(X509_get_subject_name(pointer), nil, 0) else { return "unknown subject" }
        defer { fleet_openssl_free(text) }
        return String(cString: text)
    }

    /// The URI subject alternative names, in their order; one that is not plain ASCII reads as empty and matches nothing.
    var uris: [String] {
        guard let raw = X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(raw)
        defer { GENERAL_NAMES_free(names) }
        var uris: [String] = []
        for index in 0..<OPENSSL_sk_num(names) {
            var kind: Int32 = 0
            let name = OPENSSL_sk_value(names, index)?.assumingMemoryBound(to: GENERAL_NAME.self)
            guard let value = GENERAL_NAME_get0_value(name, &kind), kind == GEN_URI else { continue }
            uris.append(Self.text(value.assumingMemoryBound(to: ASN1_STRING.self)))
        }
        return uris
    }

    /// The identity that the fleet gives this certificate.
    ///
    /// - Throws: `TLSError` with `identityMissing` unless there is exactly one URI, with `invalidIdentity` if it is not
    ///   one of ours.
    package func identity() throws(TLSError) -> PeerIdentity {
        let uris = uris
        guard uris.count == 1 else {
            throw TLSError(
                .identityMissing,
                subject,
                advice:
                    "carries \(uris.count) URI names, a fleet certificate carries exactly one; issue it with 'fleet ca issue'"
            )
        }
        return try PeerIdentity(uri: uris[0])
    }

    /// An embedded NUL or a byte above 127 must never be cut off or repaired into a valid name.
    private static func text(_ value: UnsafePointer<ASN1_STRING>) -> String {
        guard let bytes = ASN1_STRING_get0_data(value) else { return "" }
        let buffer = UnsafeBufferPointer(start: bytes, count: Int(ASN1_STRING_length(value)))
        guard buffer.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return "" }
        return String(decoding: buffer, as: UTF8.self)
    }

    static func wallTime(_ time: UnsafePointer<ASN1_TIME>?) -> WallTime {
        var broken = tm()
        guard ASN1_TIME_to_tm(time, &broken) == 1 else { return WallTime(milliseconds: 0) }
        return WallTime(milliseconds: Int64(timegm(&broken)) * 1000)
    }
}
