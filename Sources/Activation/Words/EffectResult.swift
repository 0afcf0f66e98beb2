package import Model

/// How an effect ended.
package enum EffectResult: Hashable, Codable, Sendable {
    case done
    /// Of `verify`, which permits nothing without it.
    case verified(Verdict)
    /// Of `inspect`.
    case inspected(Inspection)
    /// Of `start` and `reload`: the unit as it was when it was active.
    case started(UnitState)
    /// Of `check`.
    case checked(CheckRound)
    /// Of `lookAtTraffic`: one for each server, in order.
    case traffic([TrafficState])
    /// Of `askIdle`: it is at something that must not be ended.
    case busy
    /// Of any effect: it did not happen, or nobody knows how far it came.
    case failed(Failure)
}
