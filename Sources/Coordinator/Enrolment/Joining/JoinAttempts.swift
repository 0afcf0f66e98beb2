internal import Model

/// How often an address was refused lately: whoever guesses is not listened to for a while.
struct JoinAttempts {
    /// Refusals of one address within `window`; more are not looked at.
    static let most = 10
    static let window = TimeSpan.minutes(10)
    /// Addresses that are remembered; of more, the one that was refused longest ago is forgotten.
    static let mostAddresses = 1024

    /// Times of refusals, and of what has no answer yet.
    private var refusals: [String: [WallTime]] = [:]
    /// Addresses of which the log has it that they are not listened to, and since when.
    private var silenced: [String: WallTime] = [:]

    /// Whether what comes from `address` is looked at; it counts as refused until `granted` says otherwise.
    ///
    /// So those that come together count as much as those that come one after the other.
    mutating func begin(_ address: String, at now: WallTime) -> Bool {
        let recent = (refusals[address] ?? []).filter { now - $0 < Self.window }
        guard recent.count < Self.most else { return false }
        refusals[address] = recent + [now]
        forgetOldest(now)
        return true
    }

    /// What was begun at this time was no guess.
    mutating func granted(_ address: String, begun time: WallTime) {
        guard let place = refusals[address]?.firstIndex(of: time) else { return }
        refusals[address]?.remove(at: place)
        if refusals[address]?.isEmpty == true { refusals[address] = nil }
    }

    /// Whether the log should hear that `address` is not listened to: once in each window.
    mutating func isNews(_ address: String, at now: WallTime) -> Bool {
        silenced = silenced.filter { now - $0.value < Self.window }
        guard silenced[address] == nil, silenced.count < Self.mostAddresses else { return false }
        silenced[address] = now
        return true
    }

    private mutating func forgetOldest(_ now: WallTime) {
        guard refusals.count > Self.mostAddresses else { return }
        let oldest = refusals.min { ($0.value.last ?? now, $0.key) < ($1.value.last ?? now, $1.key) }
        if let oldest { refusals[oldest.key] = nil }
    }
}
