extension Order {
    /// Longest time in which people may be asked for their approval.
    package static let longestAsking = TimeSpan.hours(24)
    /// Time in which a host must accept an order, after those who approve it had theirs.
    package static let startWithin = TimeSpan.minutes(15)
    /// Longest time from the last moment to accept an order to the last moment to switch under it.
    package static let longestValidity = TimeSpan.hours(24)
    /// Longest time, from the same moment, in which a host that was away may catch up.
    package static let longestCatchUp = TimeSpan.days(7)
    /// What the clocks of a coordinator and a host may differ by.
    package static let clockSkew = TimeSpan.minutes(5)

    /// What is wrong with the order's times, or nil: nobody may have an order signed that is good for years.
    package func excess(at now: WallTime) -> String? {
        let latestStart = now + Self.longestAsking + Self.startWithin + Self.clockSkew
        guard startBy <= latestStart else {
            let most = Self.longestAsking + Self.startWithin
            return "may still start at \(startBy): an order may wait for \(most) at most"
        }
        guard validUntil <= startBy + Self.longestValidity else {
            return "is valid until \(validUntil): \(Self.longestValidity) after start_by \(startBy) is the most"
        }
        guard catchUpUntil <= startBy + Self.longestCatchUp else {
            return "may be caught up with until \(catchUpUntil): \(Self.longestCatchUp) after start_by is the most"
        }
        return nil
    }
}
