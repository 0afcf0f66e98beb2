import Foundation
import Synchronization
import Testing

/// Many trials on several hosts at once, each host by itself.
struct TortureRun: Sendable {
    /// What is tried, for the line of figures.
    let title: String
    /// How many points there are, tried or not.
    let points: Int
    let trials: [Trial]
    /// What a host needs before its first trial.
    var prepare: @Sendable (Fleet) async throws -> Void = { _ in }

    /// Two cores carry four, since a trial waits for most of its time; few trials are not worth the boots.
    private var hosts: Int { min(4, 1 + trials.count / 8) }
    /// After so many the rest would say nothing new.
    private static let enough = 8

    /// Performs all trials and prints what came of them; a trial that fails is an issue, and costs its host.
    func perform() async throws {
        let start = ContinuousClock.now
        let score = Score(trials)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<hosts { group.addTask { await work(on: score) } }
        }
        let seconds = (ContinuousClock.now - start).components.seconds
        let (tried, missed, failures) = await (score.tried, score.missed, score.failures)
        print(
            "torture: \(title): \(tried) of \(points) points tried, \(missed.count) not met, \(failures.count) failures, \(seconds) s"
        )
        for trial in missed { print("not met: \(trial)") }
        for failure in failures { Issue.record("\(failure)") }
        // SQLite writes more pages at one time than at another, and systemd is asked more often while it is slow, so the last
        // points of a recording may not come in every run.
        #expect(missed.count * 2 <= tried, "the points are not where they were recorded")
    }

    private func work(on score: Score) async {
        while await score.hasMore {
            let trial = Mutex<Trial?>(nil)
            do {
                try await FleetPool.shared.fresh(hosts: 1) { fleet in
                    try await prepare(fleet)
                    let host = TortureHost(fleet)
                    try await host.begin()
                    while let next = await score.next() {
                        trial.withLock { $0 = next }
                        await score.ended(next, wasMet: try await host.perform(next))
                    }
                }
            } catch {
                await score.failed("\(trial.withLock { $0.map(\.description) ?? "no trial yet" })\n\(error)")
            }
        }
    }

    /// Who has tried what.
    private actor Score {
        private var waiting: [Trial]
        private(set) var tried = 0
        private(set) var missed: [Trial] = []
        private(set) var failures: [String] = []

        init(_ trials: [Trial]) { waiting = trials.reversed() }

        var hasMore: Bool { !waiting.isEmpty && failures.count < TortureRun.enough }

        func next() -> Trial? { hasMore ? waiting.popLast() : nil }

        func ended(_ trial: Trial, wasMet: Bool) {
            tried += 1
            if !wasMet { missed.append(trial) }
        }

        func failed(_ what: String) {
            tried += 1
            failures.append(what)
        }
    }
}
