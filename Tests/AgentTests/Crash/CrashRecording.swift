import Activation
import Artifacts
import Configuration
import Model
import Testing

@testable import Agent

/// Three rollouts and a rollback on one host: everything that an agent does to a disk.
enum CrashRecording {
    /// The releases that it needs; the last is left for whoever recovers.
    static let releases = [1, 2, 3, 4]

    /// Brings a fresh host to release 1; of release 3 it has a tree that its journal does not know.
    static func begin(on host: CrashHost) async throws {
        let (fixture, artifacts) = (host.fixture, host.artifacts)
        try await host.run { runner in
            var rollout = try await CrashRollout(1, of: fixture, to: runner, artifacts)
            try await rollout.deploy(1)
        }
        guard let machine = try await host.stored() else { throw CrashProblem("the journal is empty") }
        try await host.run { runner in
            var rollout = try await CrashRollout(2, of: fixture, to: runner, artifacts)
            _ = try await rollout.prepare(3)
        }
        try await host.remember(machine)
    }

    /// All of it, seen by `witness`.
    static func go(on host: CrashHost, seenBy witness: any DiskChange.Witness) async throws {
        let (fixture, artifacts) = (host.fixture, host.artifacts)
        try await DiskChange.$witness.withValue(witness) {
            try await host.run { runner in
                var tried = try await CrashRollout(2, of: fixture, to: runner, artifacts)
                try await tried.tryAndRevert(2)
                var again = try await CrashRollout(3, of: fixture, to: runner, artifacts)
                try await again.deploy(2)
                var back = try await CrashRollout(4, of: fixture, to: runner, artifacts)
                try await back.deploy(1, .rollback)
                // More releases than the host keeps, so that one goes.
                var third = try await CrashRollout(5, of: fixture, to: runner, artifacts)
                try await third.deploy(3)
            }
        }
    }
}
