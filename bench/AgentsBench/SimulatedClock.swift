import Activation
import Glibc
import Model

/// The clocks of all simulated hosts: the machine's own, in one boot that never ends.
enum SimulatedClock {
    static let bootID = "bench"

    static var now: Moment {
        Moment(
            boot: BootInstant(bootID: bootID, instant: Instant(milliseconds: read(CLOCK_BOOTTIME))),
            wall: wall
        )
    }

    static var wall: WallTime { WallTime(milliseconds: read(CLOCK_REALTIME)) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
