import ArgumentParser
import Coordinator
import Model
import Rollout

/// The operator's yes to a plan.
struct Consent: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Don't ask before anything changes.")
    var yes = false

    /// Shows the plan, and asks unless it was answered before.
    func ask(_ plan: Plan) throws {
        Console.draw(PlanText(plan).text)
        guard !yes else { return }
        guard Console.isInteractive else {
            throw ValidationError("nobody can be asked here: say --yes to carry out the plan above")
        }
        Console.draw("Go on? [y/N] ")
        guard ["y", "yes"].contains(readLine()?.lowercased()) else {
            Console.note("nothing was changed")
            throw ExitCode(ExitStatus.refused.rawValue)
        }
    }
}
