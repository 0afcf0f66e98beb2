package import Model

extension ServiceMachine {
    /// What the shell must do, in order, after the machine's new state is stored.
    package enum Action: Hashable, Codable, Sendable {
        case perform(Effect, Token)
        case reply(Requester, HostReply)
        /// Feed `woke` after that time; several may be outstanding, and an early one does no harm.
        case wake(after: TimeSpan)
        /// Stop the timer of `armDeadMan`; failing to is harmless.
        case disarmDeadMan
        /// Remove staging, and a tree of that release that was never reported as installed.
        ///
        /// A preparation's effect that still runs is ended first.
        case discardStaging(ReleaseID)
        /// Remove a release's tree, then feed `deleted`; asked again at the next recovery if that never came.
        case delete(ReleaseID)
        /// The change has reached another phase: log it, and send the report to whoever listens.
        case announce(OperationReport)
        /// The change has ended: its receipt is stored together with the machine's new state.
        case attest(HostAct)
    }
}
