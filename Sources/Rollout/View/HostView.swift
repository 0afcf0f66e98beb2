package import Model

/// One line of the live view.
package struct HostView: Hashable, Codable, Sendable {
    package var host: HostID
    package var weight: Int
    package var release: ReleaseID?
    package var isInService: Bool
    package var isConnected: Bool
    package var isInFlight: Bool
    /// What it does now, in a few words: `switching to 1.4.2`, `waits for its turn`.
    package var doing: String
    package var failure: Failure?
    /// Nil from a coordinator that does not say it.
    package var state: State?

    package enum State: String, Codable, Sendable {
        case inService = "in_service"
        case outOfService = "out_of_service"
        case inFlight = "in_flight"
        /// Changed or being changed when it was lost: not in service, and may run either release.
        case unknown
    }
}
