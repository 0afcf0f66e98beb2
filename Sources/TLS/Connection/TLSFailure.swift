import COpenSSL
import Glibc
import Model

/// A failed OpenSSL call, told in the operator's words.
struct TLSFailure {
    let stack: ErrorStack
    /// X509_V_OK, or why the peer's chain was refused.
    let verification: Int
    /// Our own rule's objection, if that is what failed.
    let refusal: TLSError?
    let refused: Refused?
    let side: TLSContext.Side

    /// The certificate that broke the peer's chain, by its place there.
    enum Refused {
        case member(Certificate)
        /// An intermediate that the peer has sent along, or the root in our own ca.pem.
        case authority(Certificate)

        var certificate: Certificate {
            switch self {
            case .member(let certificate), .authority(let certificate): certificate
            }
        }
    }

    var error: TLSError {
        if let refusal {
            return TLSError(refusal.code, refusal.subject, advice: refusal.advice, stack: stack.texts)
        }
        if Int32(truncatingIfNeeded: verification) != X509_V_OK, stack.contains(SSL_R_CERTIFICATE_VERIFY_FAILED) {
            return certificateError
        }
        let (code, advice) = stack.entries.lazy.compactMap { meaning(of: $0.reason) }.first ?? fallback
        return TLSError(code, "peer", advice: advice, stack: stack.texts)
    }

    // MARK: - The peer's certificate, refused by us

    private var certificateError: TLSError {
        let reason = String(cString: X509_verify_cert_error_string(verification))
        let result = Int32(truncatingIfNeeded: verification)
        let (code, advice) = authorityMeaning(result) ?? certificateMeaning(result)
        return TLSError(code, certificateName, advice: "\(reason): \(advice)", stack: stack.texts)
    }

    private var certificateName: String {
        guard let certificate = refused?.certificate else { return "peer" }
        return certificate.uris.first ?? certificate.subject
    }

    /// What is wrong with the authority rather than with the peer; nil when it is not the authority.
    private func authorityMeaning(_ result: Int32) -> (TLSError.Code, String)? {
        guard case .authority(let authority) = refused, result == X509_V_ERR_CERT_HAS_EXPIRED else { return nil }
        let advice =
            authority.isSelfIssued
            ? "the fleet's authority ended at \(date(\.notAfter)), here it is \(now); make a new one with 'fleet ca init' and "
                + "issue every member's certificate anew"
            : "the intermediate that signed it ended at \(date(\.notAfter)), here it is \(now); 'fleet ca renew' makes a new "
                + "one, and 'fleet ca issue' or 'fleet host add' then the member's certificate"
        return (.authorityExpired, advice)
    }

    private func certificateMeaning(_ result: Int32) -> (TLSError.Code, String) {
        switch result {
        case X509_V_ERR_CERT_REVOKED:
            (
                .certificateRevoked,
                "it, or what signed it, was revoked; if that is a mistake, give the member a new one with 'fleet host add' or "
                    + "'fleet ca issue'"
            )
        case X509_V_ERR_CERT_HAS_EXPIRED:
            (.certificateExpired, "it ended at \(date(\.notAfter)), here it is \(now); renew it with 'fleet ca issue'")
        case X509_V_ERR_CERT_NOT_YET_VALID:
            (
                .certificateNotYetValid,
                "it begins at \(date(\.notBefore)), here it is \(now); one of the two clocks is wrong, check NTP on both"
            )
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_CERT_UNTRUSTED:
            (.wrongAuthority, "it was issued by an authority that is not trusted here; compare the ca.pem of both ends")
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            (.wrongName, "the server's certificate is for another name; check the URL")
        case _:
            (.certificateRefused, "issue it again with 'fleet ca issue'")
        }
    }

    private func date(_ field: KeyPath<Certificate, WallTime>) -> String {
        refused.map { "\($0.certificate[keyPath: field])" } ?? "an unknown time"
    }

    private var now: WallTime { WallTime(milliseconds: Int64(time(nil)) * 1000) }

    // MARK: - Everything else

    private var fallback: (TLSError.Code, String) {
        (.protocolViolation, "sent something that is no valid TLS; is something between the two ends changing bytes?")
    }

    private func meaning(of reason: Int32) -> (TLSError.Code, String)? {
        switch reason {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            (.noCertificate, "showed no certificate; give it one with 'fleet ca issue'")
        case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_WRONG_VERSION_NUMBER:
            (.plaintextPeer, "does not speak TLS; check the address and port, and that TLS is on at the other end")
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_UNKNOWN_PROTOCOL:
            (.protocolVersion, "speaks no common TLS version (fleet connections need TLS 1.3); upgrade the older end")
        case SSL_R_NO_APPLICATION_PROTOCOL, SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
            (.applicationProtocol, "does not speak \(TLSContext.fleetProtocol); is another service on this port?")
        case _:
            alertMeaning(of: reason)
        }
    }

    /// The peer refused us and said why.
    private func alertMeaning(of reason: Int32) -> (TLSError.Code, String)? {
        let ours = "our certificate"
        let advice: String? =
            switch reason {
            case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
                "says that \(ours) or its authority is expired; renew it, and check both clocks"
            case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
                "finds \(ours) not valid (not yet?); check both clocks, or issue it again"
            case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
                "does not trust the authority of \(ours); compare the ca.pem of both ends"
            case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED: "demands a certificate and we showed none; configure one"
            case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, SSL_R_TLSV1_ALERT_ACCESS_DENIED:
                "refused us: fleet, role or name of \(ours) is not accepted there; its log says which"
            case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
                "says that \(ours) was revoked; get a new one from whoever keeps the fleet's authority"
            case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
                SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, SSL_R_TLSV1_ALERT_DECRYPT_ERROR,
                SSL_R_TLSV1_ALERT_INTERNAL_ERROR:
                "refused the connection; its log says why"
            case _: nil
            }
        return advice.map { (.refusedByPeer, $0) }
    }
}
