internal import Glibc
package import Model

/// The host's clocks, read where effects are performed and handed to decisions as values.
package struct HostClock: Sendable {
    /// This boot's id (`/proc/sys/kernel/random/boot_id`).
    package let bootID: String

    package init(bootID: String) { self.bootID = bootID }

    /// Now in this boot: CLOCK_BOOTTIME, which counts through suspend and no wall clock step can move.
    package var now: BootInstant {
        BootInstant(bootID: bootID, instant: Instant(milliseconds: Self.read(CLOCK_BOOTTIME)))
    }

    /// Date and time: CLOCK_REALTIME.
    package var wall: WallTime { WallTime(milliseconds: Self.read(CLOCK_REALTIME)) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
