import Activation
import Model

/// A command on its way to a host.
struct Call {
    let coordinator: Int
    /// Where its answer goes, if that still stands then.
    let session: Int
    let command: HostCommand
    /// What stands in its bytes.
    let reading: Reading
}
