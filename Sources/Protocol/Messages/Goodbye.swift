/// Why a peer ends the connection on purpose.
package struct Goodbye: Hashable, Sendable {
    /// Stable word: `closing`, or the code of the error that the peer found.
    package let code: String
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// The peer has nothing more to say.
    package static let closing = Self(code: "closing", message: "closing")
}
