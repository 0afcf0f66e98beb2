import Glibc

extension TrustError {
    /// An error whose cause is the current `errno`; call it before anything else can change that.
    static func system(_ code: Code, _ subject: String, _ advice: String) -> Self {
        let number = errno
        let text = strerror(number).map { String(cString: $0) } ?? "errno \(number)"
        return Self(code, subject, advice, cause: text)
    }

    /// An error whose cause is libcrypto's latest.
    static func crypto(_ code: Code, _ subject: String, _ advice: String) -> Self {
        Self(code, subject, advice, cause: LibCrypto.lastError())
    }
}
