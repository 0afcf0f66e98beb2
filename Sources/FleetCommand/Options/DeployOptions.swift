import ArgumentParser
import Coordinator

/// Everything that says what is rolled out where, and when: the same for doing it, planning it and rehearsing it.
struct DeployOptions: ParsableArguments {
    @OptionGroup var target: TargetOptions
    @OptionGroup var artifact: ArtifactOptions
    @OptionGroup var adoption: AdoptionOptions
    @OptionGroup var again: AgainOptions
    @OptionGroup var proven: ProvenOptions
    @OptionGroup var times: TimeOptions
    @OptionGroup var others: AlongsideOptions
    @OptionGroup var predecessor: SupersedeOptions

    mutating func validate() throws {
        try again.validate(reason: target.absence.reason)
        try proven.validate(reason: target.absence.reason)
        try times.validate(reason: target.absence.reason)
        try predecessor.validate(reason: target.absence.reason)
    }

    /// What is asked for.
    func change() throws -> Change {
        var request = target.request(adoption: adoption.policy, quarantine: again.policy)
        request.unproven = proven.policy
        times.apply(to: &request)
        others.apply(to: &request)
        predecessor.apply(to: &request)
        return Change(.deploy(try artifact.request(for: target.service)), request)
    }
}
