import Model

/// What a service's machine is doing.
enum MachineState: Hashable, Codable, Sendable {
    /// Nothing; what was done last stands in `ServiceMachine.last`.
    case idle
    /// A release is verified and unpacked beside the running one.
    case preparing(Preparation)
    /// A release is on disk and may be switched to.
    case prepared(Preparation)
    /// Shared data are brought to the form of a prepared release; the service is as it was.
    case migrating(Migrating)
    /// On the way to the new release, up to its commit.
    case changing(Change)
    /// On the way back.
    case reverting(Change, Reversal)
}
