package import Model
package import Rollout

/// What people who watch a rollout are shown.
package enum RolloutNews: Sendable {
    case view(RolloutView)
    case announcement(Announcement, at: WallTime)
}
