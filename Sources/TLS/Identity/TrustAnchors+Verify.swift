import COpenSSL
import Model

extension TrustAnchors {
    /// Whether a chain leads from `certificate` over `intermediates` to one of these roots.
    ///
    /// It must be valid at `now`; nil asks for no time, for what outlives its signer.
    func vouch(for certificate: Certificate, over intermediates: [Certificate] = [], at now: WallTime?) -> Bool {
        defer { ErrorStack.clear() }
        guard let store = X509_STORE_new() else { return false }
        defer { X509_STORE_free(store) }
        for root in certificates where X509_STORE_add_cert(store, root.pointer) != 1 { return false }
        guard let chain = OPENSSL_sk_new_null() else { return false }
        defer { OPENSSL_sk_free(chain) }
        for intermediate in intermediates where OPENSSL_sk_push(chain, UnsafeRawPointer(intermediate.pointer)) <= 0 {
            return false
        }
        guard let context = X509_STORE_CTX_new() else { return false }
        defer { X509_STORE_CTX_free(context) }
        guard X509_STORE_CTX_init(context, store, certificate.pointer, chain) == 1 else { return false }
        if let now {
            X509_STORE_CTX_set_time(context, 0, Int(now.milliseconds / 1000))
        } else {
            X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_NO_CHECK_TIME))
        }
        return X509_verify_cert(context) == 1
    }
}
