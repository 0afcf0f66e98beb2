package import Model

/// How an effect ended.
package enum EffectResult: Hashable, Codable, Sendable {
    case done
    /// Of `verify`; a plain `done` permits the activation as well.
    case verified(Verdict)
    /// Of `inspect`.
    case inspected(Inspection)
    /// Of `start`: the unit as it was when it became active.
    case started(UnitState)
    /// Of `check`.
    case checked(CheckRound)
    /// Of any effect: it did not happen, or nobody knows how far it came.
    case failed(Failure)
}
