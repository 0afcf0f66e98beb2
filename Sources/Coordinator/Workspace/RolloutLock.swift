internal import Artifacts
internal import Glibc
package import Model

/// The right to run one rollout, held by one process of this workspace; gone with the process.
package struct RolloutLock: Sendable {
    private let file: OpenFile

    /// Takes the lock, or answers nil when another process runs the rollout.
    package static func take(_ rollout: RolloutID, in layout: WorkspaceLayout) throws(CoordinatorError) -> Self? {
        try SmallFile.makeDirectory(layout.locks)
        let path = layout.lock(rollout: rollout.number)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SmallFile.unusable(path, "can't be opened") }
        let file = OpenFile(owning: descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw SmallFile.unusable(path, "can't be locked") }
            return nil
        }
        return Self(file: file)
    }

    /// Gives the right back now; without it, it ends with the last copy of this value.
    package func release() { flock(file.descriptor, LOCK_UN) }
}
