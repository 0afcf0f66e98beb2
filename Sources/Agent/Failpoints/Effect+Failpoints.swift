internal import Activation

extension Effect {
    /// The points on either side of it.
    var failpoints: (before: Failpoint, after: Failpoint) {
        switch self {
        case .verify: (.beforeVerify, .afterVerify)
        case .reserve: (.beforeReserve, .afterReserve)
        case .unpack: (.beforeUnpack, .afterUnpack)
        case .inspect: (.beforeInspect, .afterInspect)
        case .install: (.beforeInstall, .afterInstall)
        case .armDeadMan: (.beforeArming, .afterArming)
        case .runHook: (.beforeHook, .afterHook)
        case .migrate: (.beforeMigration, .afterMigration)
        case .askIdle: (.beforeIdle, .afterIdle)
        case .lookAtTraffic: (.beforeTrafficLook, .afterTrafficLook)
        case .directTraffic: (.beforeTraffic, .afterTraffic)
        case .stop: (.beforeStop, .afterStop)
        case .restore: (.beforeRestore, .afterRestore)
        case .handOver: (.beforeHandOver, .afterHandOver)
        case .switchTo: (.beforeSwitch, .afterSwitch)
        case .start: (.beforeStart, .afterStart)
        case .reload: (.beforeReload, .afterReload)
        case .check: (.beforeCheck, .afterCheck)
        }
    }
}
