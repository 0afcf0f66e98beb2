package import Model

/// Why an artifact has not proved itself in an environment, as people read it.
package struct ProvingGap: Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// No rollout has succeeded there.
        case nothing
        /// The environment is on another artifact.
        case other(ProvingGround.Present)
        /// It is there, and has to stay for longer.
        case young(ProvingGround.Present, until: WallTime, rest: TimeSpan)
        /// Nobody has gone back from it there.
        case untried(ProvingGround.Present)
        case quarantined(by: RolloutID)
    }

    package let environment: EnvironmentName
    package let reason: Reason

    /// One sentence: what was found there.
    package var description: String {
        switch reason {
        case .nothing: return "nothing was rolled out with success to \(environment)"
        case .other(let present):
            return "\(environment) runs \(present.release), another artifact (\(present.artifact.short)), since "
                + "\(present.since) (\(present.rollout.label))"
        case .young(let present, let until, let rest):
            return "\(environment) runs it since \(present.since) (\(present.rollout.label)): not long enough before "
                + "\(until), \(rest) from now"
        case .untried(let present):
            return "\(environment) runs it (\(present.rollout.label)), and has not tried the way back from it"
        case .quarantined(let rollout): return "\(environment) has quarantined it (\(rollout.label) took it back)"
        }
    }

    /// What to do about it.
    package func advice(_ service: ServiceName, _ version: Version) -> String {
        switch reason {
        case .nothing, .other: "roll it out there first: 'fleet rollout \(service) \(version) --env \(environment)'"
        case .untried:
            "try it: 'fleet rollout \(service) \(version) --env \(environment) --try-way-back' goes back, and up again"
        case .young(_, let until, _): "say this again after \(until)"
        case .quarantined(let rollout):
            "roll out a version that works; 'fleet why \(rollout.label)' says what was wrong"
        }
    }
}
