/// A point in the life of one boot of one host: CLOCK_BOOTTIME with the kernel's boot id.
///
/// Deadlines on a host use it, because it counts through suspend and no wall clock step can move it. Instants of
/// different boots can't be compared; a new boot id is itself the news.
package struct BootInstant: Hashable, Codable, Sendable, CustomStringConvertible {
    /// `/proc/sys/kernel/random/boot_id`.
    package let bootID: String
    package let instant: Instant

    package init(bootID: String, instant: Instant) {
        self.bootID = bootID
        self.instant = instant
    }

    package var description: String { "\(instant) of boot \(bootID.prefix(8))" }
}
