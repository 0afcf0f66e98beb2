import TestSupport
import Testing

extension EndToEnd {
    /// An agent that dies, or whose disk fails, at any system call that changes something.
    @Suite struct KillTortureTests {
        @Test("Killed at any system call of its effects, a host runs the old or the new release, whole, and says which")
        func killed() async throws {
            var points = 0
            var trials: [Trial] = []
            for (operation, calls) in try await Recordings.shared.calls(of: TortureHost.effects) {
                let changes = calls.filter(\.hasSucceeded)
                points += changes.count
                try #require(changes.contains { $0.isOfJournal }, "\(calls)")
                // The journal's calls are many and alike.
                trials += Torture.points(changes.filter { !$0.isOfJournal }, sample: 4).map {
                    Trial(operation: operation, fault: .kill($0, thread: TortureHost.effects))
                }
                trials += Torture.points(changes.filter(\.isOfJournal), sample: 2).map {
                    Trial(operation: operation, fault: .kill($0, thread: TortureHost.effects))
                }
            }
            for index in trials.indices where index % 3 == 1 { trials[index].successor = .deadMan }
            try await TortureRun(title: "kills at calls of fleet-effects", points: points, trials: trials).perform()
        }

        @Test("Killed at any word to systemd, a host runs the old or the new release, whole, and says which")
        func killedAtTheBus() async throws {
            var points = 0
            var trials: [Trial] = []
            for (operation, calls) in try await Recordings.shared.calls(of: TortureHost.systemd) {
                points += calls.count
                trials += Torture.points(calls, sample: 2).map {
                    Trial(operation: operation, fault: .kill($0, thread: TortureHost.systemd))
                }
            }
            for index in trials.indices where index % 3 == 2 { trials[index].successor = .deadMan }
            try await TortureRun(title: "kills at words to systemd", points: points, trials: trials).perform()
        }

        @Test("An error at any system call of its effects leaves the old or the new release, whole, and an honest word")
        func disturbed() async throws {
            var faults: [Trial] = []
            for (operation, calls) in try await Recordings.shared.calls(of: TortureHost.effects) {
                for (index, call) in calls.enumerated() {
                    let errors = Torture.isExhaustive ? Self.errors : [Self.errors[index % Self.errors.count]]
                    faults += errors.map {
                        Trial(operation: operation, fault: .error($0, call, thread: TortureHost.effects))
                    }
                }
            }
            let trials = Torture.points(faults, sample: 9)
            try await TortureRun(title: "errors at calls of fleet-effects", points: faults.count, trials: trials)
                .perform()
        }

        private static let errors = ["EIO", "ENOSPC", "EROFS", "EMFILE"]
    }
}
