package import Model

/// Which offset from UTC the clocks of a time zone have and had, as its file in the IANA database says.
///
/// Moments are seconds since 1970-01-01T00:00:00Z.
package struct TimeZoneRules: Hashable, Sendable {
    /// Moments at which the offset changes, ascending, with the offset in seconds east of UTC from then on.
    let transitions: [Transition]
    /// Before the first of them.
    let initial: Int64
    /// After the last of them; nil means that the last offset stays.
    let rule: DaylightRule?

    struct Transition: Hashable, Sendable {
        let at: Int64
        let offset: Int64
    }

    package static let utc = Self(transitions: [], initial: 0, rule: nil)

    /// The offset in force at a moment.
    func offset(at moment: Int64) -> Int64 {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= moment { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return transitions.isEmpty ? rule?.offset(at: moment) ?? initial : initial }
        guard low == transitions.count, let rule else { return transitions[low - 1].offset }
        return rule.offset(at: moment)
    }

    /// What the clocks show at a moment.
    package func local(at moment: WallTime) -> LocalTime {
        let utc = LocalTime(asIfUTC: moment).seconds
        return LocalTime(seconds: utc + offset(at: utc))
    }

    /// The moments at which the clocks show a time: two where they are put back over it.
    ///
    /// A time that they jump over is the moment of the jump, so that what begins and ends in between is empty.
    package func moments(of local: LocalTime) -> (first: WallTime, last: WallTime) {
        // No zone is further from UTC than that, and none changes twice within two days.
        let offsets = Set([offset(at: local.seconds - Self.day), offset(at: local.seconds + Self.day)])
        let fitting = offsets.map { local.seconds - $0 }.filter { $0 + offset(at: $0) == local.seconds }.sorted()
        guard let first = fitting.first, let last = fitting.last else {
            let jump = jump(over: local, from: offsets)
            return (jump, jump)
        }
        return (WallTime(milliseconds: first * 1000), WallTime(milliseconds: last * 1000))
    }

    private func jump(over local: LocalTime, from offsets: Set<Int64>) -> WallTime {
        var low = local.seconds - (offsets.max() ?? 0)
        var high = local.seconds - (offsets.min() ?? 0)
        let after = offset(at: high)
        // The first moment with the offset that holds after it.
        while low < high {
            let middle = low + (high - low) / 2
            if offset(at: middle) == after { high = middle } else { low = middle + 1 }
        }
        return WallTime(milliseconds: low * 1000)
    }

    private static let day: Int64 = 86_400
}
