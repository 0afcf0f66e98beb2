package import Model

/// A crash of the first coordinator that is not drawn but named.
package struct CoordinatorCrash: Sendable {
    /// What it has done of what its last event decided; the event itself is in the ledger.
    package enum Work: CaseIterable, Sendable {
        case nothing
        case half
        case everything
    }

    /// It crashes at its so-manieth event, the first being 0.
    package let event: Int
    package let work: Work
    /// Until somebody starts it again.
    package let pause: TimeSpan

    package init(event: Int, work: Work, pause: TimeSpan) {
        self.event = event
        self.work = work
        self.pause = pause
    }

    func performed(of count: Int) -> Int {
        switch work {
        case .nothing: 0
        case .half: count / 2
        case .everything: count
        }
    }
}
