internal import Glibc
package import Model

/// The coordinator's clocks, read where effects are performed and handed to decisions as values.
package struct CoordinatorClock: Sendable {
    package init() {}

    /// CLOCK_MONOTONIC: a bake counts elapsed time, whatever happens to the date.
    package var now: Instant { Instant(milliseconds: Self.read(CLOCK_MONOTONIC)) }

    /// CLOCK_REALTIME.
    package var wall: WallTime { WallTime(milliseconds: Self.read(CLOCK_REALTIME)) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
