package import Model

/// What a coordinator hears of one host.
package enum LinkNews: Sendable {
    case connected(host: Int)
    /// The session ended, or could not be had; said once until it is there again.
    case lost(host: Int, reason: String)
    case reported(host: Int, HostReport)
}
