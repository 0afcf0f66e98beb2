internal import Glibc
internal import Model

extension Connection {
    /// What a unit uses now, as systemd counts it; of its journal nothing.
    ///
    /// Other units than services have no figures of their own.
    func figures(_ unit: UnitName) throws(SystemdError) -> UnitFigures {
        let reader = try properties(of: unit)
        let invocation = try reader.identifier("InvocationID", Self.unitInterface)
        var figures = UnitFigures(unit: unit, invocation: invocation)
        guard unit.text.hasSuffix(".service") else { return figures }
        let begun = try reader.number64("InactiveExitTimestampMonotonic", Self.unitInterface)
        if begun > 0 { figures.running = TimeSpan(milliseconds: Self.now - Int64(clamping: begun / 1000)) }
        figures.memory = Self.known(try reader.number64("MemoryCurrent", Self.serviceInterface)).map(ByteCount.init)
        figures.processorTime = Self.known(try reader.number64("CPUUsageNSec", Self.serviceInterface))
            .map { TimeSpan(milliseconds: $0 / 1_000_000) }
        return figures
    }

    /// systemd says the largest number for what it does not count, and some controllers say more than can be.
    private static func known(_ number: UInt64) -> Int64? { number < 1 << 53 ? Int64(number) : nil }

    /// By the clock of systemd's monotonic times, in milliseconds.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
