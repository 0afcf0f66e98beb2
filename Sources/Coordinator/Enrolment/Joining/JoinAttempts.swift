internal import Model

/// How often an address was refused lately: whoever guesses is not listened to for a while.
struct JoinAttempts {
    /// Refusals of one address within `window`; more are not looked at.
    static let most = 10
    static let window = TimeSpan.minutes(10)
    /// Addresses that are remembered; of more, the one that was refused longest ago is forgotten.
    static let mostAddresses = 1024

    private var refusals: [String: [WallTime]] = [:]

    /// Whether what comes from `address` is looked at.
    func allows(_ address: String, at now: WallTime) -> Bool {
        (refusals[address] ?? []).count { now - $0 < Self.window } < Self.most
    }

    mutating func refused(_ address: String, at now: WallTime) {
        let recent = (refusals[address] ?? []).filter { now - $0 < Self.window }
        refusals[address] = recent.suffix(Self.most - 1) + [now]
        guard refusals.count > Self.mostAddresses else { return }
        let oldest = refusals.min { ($0.value.last ?? now, $0.key) < ($1.value.last ?? now, $1.key) }
        if let oldest { refusals[oldest.key] = nil }
    }
}
