import Activation
import Model

/// One piece of work of an agent; pieces are performed one after the other.
struct HostWork {
    enum Kind {
        case effect(Effect, Token)
        case disarmDeadMan
        case discardStaging(ReleaseID)
        case delete(ReleaseID)
    }

    let kind: Kind
    /// A newer effect has made it pointless: it ends soon, and nobody knows how far it came.
    var isCancelled = false
}
