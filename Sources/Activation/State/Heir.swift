import Model

/// A claim that waits until the release of a rollout that has ended before it is taken back.
struct Heir: Hashable, Codable, Sendable {
    let claim: Claim
    let reading: Reading
    let request: RequestID
}
