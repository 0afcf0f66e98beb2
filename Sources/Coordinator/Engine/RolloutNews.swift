package import Model
package import Rollout

/// What people who watch a rollout are shown.
package enum RolloutNews: Sendable {
    case view(RolloutView)
    case announcement(Announcement, at: WallTime)
    /// What happens to the watcher and not to the rollout: for example, the coordinator is lost, and back.
    case remark(String)
}
