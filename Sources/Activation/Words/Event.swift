package import Model

extension ServiceMachine {
    /// Everything that the machine is told.
    package enum Event: Hashable, Codable, Sendable {
        /// A coordinator's request; `Reading` carries what stands in the bytes of a `prepare`.
        case command(HostCommand, Reading)
        case local(LocalRequest, Requester)
        /// An effect has ended.
        case finished(Token, EffectResult)
        /// A `wake` has come; the machine looks at its deadlines.
        case woke
        /// The timer outside of the agent has run out.
        case deadManFired
        /// The rollout has shown life: its coordinator took in a report of this host.
        case holderHeard(RolloutID)
        /// The shell's periodic look at the service, begun after that step (`lastStep`); a late one changes nothing.
        case observed(Observation, after: Token)
        /// A `delete` has ended well.
        case deleted(ReleaseID)

        /// Whether the new state must be stored even though nothing is to be done.
        ///
        /// What comes again every few seconds needs no fsync.
        package var isDurable: Bool {
            switch self {
            case .observed, .woke, .holderHeard: false
            case .command, .local, .finished, .deadManFired, .deleted: true
            }
        }
    }
}
