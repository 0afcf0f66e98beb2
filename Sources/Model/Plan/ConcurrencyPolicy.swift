/// What a rollout does about those of other services that it has to do with.
package enum ConcurrencyPolicy: String, Codable, Sendable, CaseIterable {
    /// Begins when they have ended.
    case wait
    /// Goes on beside them; a host that is changed for one service is left alone by the others meanwhile.
    case alongside
}
