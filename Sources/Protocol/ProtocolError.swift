/// Why bytes from a peer are no part of the dialogue.
package struct ProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case frameTooLarge = "protocol.frame_too_large"
        case frameEmpty = "protocol.frame_empty"
        case frameKindUnknown = "protocol.frame_kind_unknown"
        case frameTruncated = "protocol.frame_truncated"
        case messageUnreadable = "protocol.message_unreadable"
        case fieldMissing = "protocol.field_missing"
        case fieldInvalid = "protocol.field_invalid"
        case versionUnsupported = "protocol.version_unsupported"
        case unexpectedMessage = "protocol.unexpected_message"
        case creditExceeded = "protocol.credit_exceeded"
    }

    package let code: Code
    /// The field's path (`request.command.id`), the frame, the message.
    package let subject: String
    /// What was found and what was expected, shown to the operator as it stands.
    package let advice: String

    package init(_ code: Code, _ subject: String, advice: String) {
        self.code = code
        self.subject = subject
        self.advice = advice
    }

    package var description: String { "\(subject): \(advice) [\(code.rawValue)]" }

    /// The same error seen from the message that holds this one in `field`.
    func inside(_ field: String) -> Self { Self(code, "\(field).\(subject)", advice: advice) }

    static func missing(_ field: String) -> Self {
        Self(.fieldMissing, field, advice: "is missing, or of a kind that this version does not know")
    }

    static func invalid(_ field: String, _ advice: String) -> Self { Self(.fieldInvalid, field, advice: advice) }
}
