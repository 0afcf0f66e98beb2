/// A named step between two changes of the host; tests kill the agent there.
///
/// Each effect has one on either side, and so has each store of the journal. Those inside an effect lie between two words to
/// systemd, where no system call of a file tells the one from the other.
package enum Failpoint: String, CaseIterable, Sendable {
    case beforeRecovery = "recovery.before"
    case afterRecovery = "recovery.after"
    case beforeStore = "store.before"
    case afterStore = "store.after"
    case beforeVerify = "verify.before"
    case afterVerify = "verify.after"
    case beforeReserve = "reserve.before"
    case afterReserve = "reserve.after"
    case beforeUnpack = "unpack.before"
    /// The tree is unpacked; Fleet's own files are not beside it yet.
    case betweenUnpack = "unpack.between"
    case afterUnpack = "unpack.after"
    case beforeInspect = "inspect.before"
    case afterInspect = "inspect.after"
    case beforeInstall = "install.before"
    case afterInstall = "install.after"
    case beforeArming = "arming.before"
    case afterArming = "arming.after"
    case beforeHook = "hook.before"
    case afterHook = "hook.after"
    case beforeMigration = "migration.before"
    case afterMigration = "migration.after"
    case beforeIdle = "idle.before"
    case afterIdle = "idle.after"
    case beforeTrafficLook = "traffic.look.before"
    case afterTrafficLook = "traffic.look.after"
    case beforeTraffic = "traffic.before"
    /// One load balancer was told, others perhaps not.
    case betweenTraffic = "traffic.between"
    case afterTraffic = "traffic.after"
    case beforeStop = "stop.before"
    case afterStop = "stop.after"
    case beforeRestore = "restore.before"
    case afterRestore = "restore.after"
    case beforeHandOver = "handover.before"
    case afterHandOver = "handover.after"
    case beforeSwitch = "switch.before"
    /// Units that go are stopped and disabled; no file has changed.
    case beforeSwitchFiles = "switch.files.before"
    /// Files and links are those of the new release; systemd has not read them.
    case afterSwitchFiles = "switch.files.after"
    case afterSwitch = "switch.after"
    case beforeStart = "start.before"
    /// The unit runs, but will not at the next boot.
    case beforeEnabling = "start.enabling"
    case afterStart = "start.after"
    case beforeReload = "reload.before"
    case afterReload = "reload.after"
    case beforeCheck = "check.before"
    case afterCheck = "check.after"
    case beforeDisarming = "disarming.before"
    case afterDisarming = "disarming.after"
    case beforeDiscarding = "discarding.before"
    case afterDiscarding = "discarding.after"
    case beforeDeletion = "deletion.before"
    case afterDeletion = "deletion.after"

    /// Goes on, unless a test wants the process dead here; nothing at all in what is released.
    @inline(__always)
    static func pass(_ point: Self) {
        #if FAILPOINTS
        FailpointOrder.shared.pass(point)
        #endif
    }
}
