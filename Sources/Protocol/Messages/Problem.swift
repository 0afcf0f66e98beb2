/// Why a request was not performed, in the words of the peer that was asked.
package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable word, for example `request.refused`.
    package let code: String
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(message) [\(code)]" }

    /// The request is of a kind, or has a field, that this version does not know.
    package static func unreadable(_ error: ProtocolError) -> Self {
        Self(code: "request.unreadable", message: "\(error)")
    }

    /// The answer is of a kind, or has a field, that this version does not know.
    package static func unreadableResponse(_ error: ProtocolError) -> Self {
        Self(code: "response.unreadable", message: "\(error)")
    }

    package static func refused(_ message: String) -> Self { Self(code: "request.refused", message: message) }
    package static let cancelled = Self(code: "request.cancelled", message: "the request was cancelled")
    package static func busy(_ limit: Int) -> Self {
        Self(code: "request.busy", message: "\(limit) requests of this session are being worked on; ask again later")
    }
    /// The handler failed in a way that it did not foresee.
    package static func failed(_ error: any Error) -> Self { Self(code: "request.failed", message: "\(error)") }
}
