/// What the wall clock says of a plan's calendar and schedule, from now on.
package enum Opening: Hashable, Codable, Sendable {
    case open
    /// Closed, and people may be asked for their approval by now: it opens within the time that they have.
    case near(Closure)
    case closed(Closure)

    /// Why nothing may begin now.
    package var closure: Closure? {
        switch self {
        case .open: nil
        case .near(let closure), .closed(let closure): closure
        }
    }
}
