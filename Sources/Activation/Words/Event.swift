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
        /// The holder of the claim has shown life, for example by a heartbeat of its session.
        case holderHeard(RolloutID, Epoch)
        /// The shell's periodic look at the service.
        case observed(Observation)
        /// A `delete` has ended well.
        case deleted(ReleaseID)
    }
}
