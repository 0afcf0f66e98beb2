import Testing

/// Whole rollouts on real systemd hosts that have the Debian packages installed.
///
/// A few at a time, each with hosts of its own (`FleetPool`). Each scenario says what is expected of the command (outcome and
/// exit code) and what every host says afterwards.
@Suite(
    .enabled(if: Machine.canBoot(), "real hosts need root, namespaces and the packages (make e2e)"),
    PooledFleets()
)
enum EndToEnd {}
