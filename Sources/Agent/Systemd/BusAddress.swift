/// How systemd is reached.
package enum BusAddress: Hashable, Sendable, CustomStringConvertible {
    /// Through the message bus, as everybody does.
    case systemBus
    /// Directly, while the message bus does not run yet: early at boot, by root.
    case managerSocket(path: String = "/run/systemd/private")

    package var description: String {
        switch self {
        case .systemBus: "system bus"
        case .managerSocket(let path): "manager socket \(path)"
        }
    }
}
