/// One change of a host, and what goes wrong in it.
struct Trial: Sendable, CustomStringConvertible {
    /// What the coordinator asks of the host.
    enum Operation: String, CaseIterable, Sendable {
        /// Prepare, switch, check, commit.
        case activation
        /// Back to the confirmed release before, whose tree is there.
        case rollback
        /// A release that crashes at once, which the host takes back by itself.
        case revert
    }

    /// What goes wrong.
    enum Fault: Sendable {
        /// The agent is killed as this call of this thread begins; see strace(1), `signal=`.
        case kill(SystemCall, thread: String)
        /// The call is answered with this error of errno(3), and changes nothing.
        case error(String, SystemCall, thread: String)
        /// The agent is killed at these failpoints, each process at the first that is left.
        case failpoints([String])

        var remains: Remains {
            switch self {
            case .kill, .failpoints: .nothing
            case .error: .untilTheNext
            }
        }
    }

    /// What may be left of it when its host has settled.
    enum Remains: Sendable {
        case nothing
        /// What the disk did not let go; the next rollout removes it.
        case untilTheNext
    }

    /// Who goes on after a kill.
    enum Successor: Sendable {
        /// systemd starts the agent again.
        case agent
        /// No agent comes back; what was armed before the change acts alone.
        case deadMan
    }

    let operation: Operation
    let fault: Fault
    var successor = Successor.agent

    var description: String {
        let end = successor == .deadMan ? ", and no agent comes back" : ""
        return switch fault {
        case .kill(let call, let thread): "\(operation.rawValue): killed at \(call) of \(thread)\(end): \(call.text)"
        case .error(let error, let call, let thread):
            "\(operation.rawValue): \(error) at \(call) of \(thread): \(call.text)"
        case .failpoints(let points): "\(operation.rawValue): killed at \(points.joined(separator: ", then "))\(end)"
        }
    }
}
