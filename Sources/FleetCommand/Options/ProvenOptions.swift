import ArgumentParser
import Coordinator

/// What to do about an artifact that has not proved itself elsewhere.
struct ProvenOptions: ParsableArguments {
    @Flag(
        help:
            "In an emergency: roll out what has not proved itself where fleet.yml demands it ('proven'); needs --reason."
    )
    var unproven = false

    var policy: UnprovenPolicy? { unproven ? .accept : nil }

    func validate(reason: String?) throws {
        guard !unproven || reason?.isEmpty == false else {
            throw ValidationError("--unproven needs a --reason, which stands in the plan and in the ledger")
        }
    }
}
