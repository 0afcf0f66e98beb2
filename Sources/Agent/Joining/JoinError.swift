/// Why a host did not become a member, in words for whoever types on it.
package struct JoinError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// `agent.yml` says that this host is another one.
        case otherHost = "join.configured_otherwise"
        /// Nothing was sent: there is no coordinator there that the token names.
        case unreachable = "join.unreachable"
        /// The coordinator has said why.
        case refused = "join.refused"
        /// Whether the token was taken is not known; the same command again finds out.
        case unanswered = "join.unanswered"
        /// What the coordinator has answered is not what the token says.
        case answerInvalid = "join.answer_invalid"
        case notInstalled = "join.not_installed"
    }

    package let code: Code
    /// What was found and what to do about it.
    package let advice: String

    init(_ code: Code, _ advice: String) {
        self.code = code
        self.advice = advice
    }

    package var description: String { "\(advice) [\(code.rawValue)]" }
}
