import Model
import Protocol
import Synchronization

/// What all agents together were asked.
final class Tally: Sendable {
    private struct Counts {
        var commands: [String: Int] = [:]
        var artifacts = 0
        var bytes = 0
    }

    private let counts = Mutex(Counts())

    func count(_ request: HostRequest) {
        let name =
            switch request {
            case .inspectClaim: "inspect"
            case .claim: "claim"
            case .releaseClaim: "release"
            case .prepare: "prepare"
            case .migrate: "migrate"
            case .activate: "activate"
            case .commit: "commit"
            case .revert: "revert"
            case .remove: "remove"
            case .discard: "discard"
            case .confirm: "confirm"
            }
        counts.withLock { $0.commands[name, default: 0] += 1 }
    }

    func count(artifact bytes: Int) {
        counts.withLock {
            $0.artifacts += 1
            $0.bytes += bytes
        }
    }

    /// `commands N`, then one line per kind, then what came in bulk.
    var lines: [String] {
        counts.withLock { counts in
            let kinds = counts.commands.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            return ["commands \(counts.commands.values.reduce(0, +))"] + kinds
                + ["artifacts \(counts.artifacts)", "bytes \(counts.bytes)"]
        }
    }
}
