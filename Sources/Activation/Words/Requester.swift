package import Model

/// Who waits for an answer of the machine.
package enum Requester: Hashable, Codable, Sendable {
    /// A coordinator; whoever is attached to that id when the answer is there.
    case command(RequestID)
    /// A person on the host; the number is the shell's own for that connection.
    case local(Int64, user: String)

    package var origin: Origin {
        switch self {
        case .command(let id): .rollout(id)
        case .local(_, let user): .local(user: user)
        }
    }
}
