import ArgumentParser
import Coordinator

/// What to do about an artifact that a rollout has taken back before.
struct AgainOptions: ParsableArguments {
    @Flag(help: "Take an artifact that is quarantined in this environment all the same; needs --reason.")
    var again = false

    var policy: QuarantinePolicy? { again ? .again : nil }

    func validate(reason: String?) throws {
        guard !again || reason?.isEmpty == false else {
            throw ValidationError("--again needs a --reason, which stands in the plan and in the ledger")
        }
    }
}
