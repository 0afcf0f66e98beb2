import ArgumentParser
import Model

/// What happens to a unit that somebody else installed under the service's name.
struct AdoptionOptions: ParsableArguments {
    @Flag(help: "Take over a unit of the service's name that Fleet has not installed; it is put back on revert.")
    var adopt = false

    var policy: AdoptionPolicy { adopt ? .adopt : .refuse }
}
