internal import Synchronization

/// The identity of one wait for a job, so that it can be abandoned even before the job is known.
final class JobWaiter: Sendable {
    private let abandoned = Atomic(false)

    var isAbandoned: Bool {
        get { abandoned.load(ordering: .acquiring) }
        set { abandoned.store(newValue, ordering: .releasing) }
    }
}
