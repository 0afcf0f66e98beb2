/// What the holder of a certificate is to the fleet; who may say what on the wire is a table over these.
package enum Role: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case agent
    /// A person, or a pipeline that acts for one.
    case `operator`
    case coordinator
    /// Looks, and changes nothing.
    case viewer
    /// Shows no certificate, and may do nothing but ask to become a member.
    case guest

    /// Those that a certificate may have.
    package static let certified: [Self] = [.agent, .operator, .coordinator, .viewer]

    package var description: String { rawValue }
}
