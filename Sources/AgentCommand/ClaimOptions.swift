import ArgumentParser

/// Whether a rollout's claim is broken, and why.
struct ClaimOptions: ParsableArguments {
    @Flag(help: "Take the service from a rollout that holds it; refused while the rollout changes this host.")
    var breakClaim = false

    @Option(help: "Why its claim is broken; shown in 'agent history' and to whoever finds the service held.")
    var reason: String?

    mutating func validate() throws {
        guard breakClaim == (reason?.contains { !$0.isWhitespace } == true) else {
            throw ValidationError("--break-claim and --reason TEXT belong together")
        }
    }
}
