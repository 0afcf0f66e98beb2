internal import Activation

/// A machine as it was read from the journal.
struct StoredMachine {
    let machine: ServiceMachine
    /// To be named when its next state is stored.
    let sequence: Int64
}
