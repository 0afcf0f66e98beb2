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
}
