/// How systemd is reached.
package enum BusAddress: String, Sendable {
    /// Through the message bus, as everybody does.
    case systemBus = "system bus"
    /// Directly, while the message bus does not run yet: early at boot, by root.
    case managerSocket = "manager socket"
}
