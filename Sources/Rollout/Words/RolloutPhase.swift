package import Model

/// Where a rollout stands.
package enum RolloutPhase: Hashable, Codable, Sendable {
    /// Approved or waiting for it; nobody was asked anything.
    case planned
    /// Waits for its time to start; nobody was asked anything.
    case scheduled
    /// Waits for the first word of every host.
    case mustering
    /// Asks every host who holds it.
    case inspecting
    /// Takes the claim on every host that was reached.
    case claiming
    /// The hosts are claimed and nobody touches them; people must approve before anything is done.
    ///
    /// `stage` is where it goes on when an order has lapsed on the way, nil while nothing was changed yet.
    case awaitingApproval(stage: Int?)
    /// Every host gets and verifies the release; nothing is switched.
    case preparing
    /// One host brings shared data to the form of the release; nothing is switched.
    case migrating
    /// Hosts of a stage move through the window.
    case rolling(stage: Int)
    /// A finished stage must stay healthy for its time.
    case baking(stage: Int)
    /// It has baked, and its gates are asked.
    case gating(stage: Int)
    /// Every host is told that the release is the environment's confirmed one.
    case confirming
    /// Every changed host goes back.
    case rollingBack
    /// Hosts in flight revert.
    case aborting
    /// The claims are given back; the outcome is decided.
    case releasing(Outcome)
    case concluded(Outcome)

    package var isConcluded: Bool {
        if case .concluded = self { true } else { false }
    }

    /// As it is called everywhere: on the screen, in records and in docs/terminology.md.
    package var name: String {
        switch self {
        case .planned: "planned"
        case .scheduled: "scheduled"
        case .mustering: "mustering"
        case .inspecting: "inspecting"
        case .claiming: "claiming"
        case .awaitingApproval: "awaiting approval"
        case .preparing: "preparing"
        case .migrating: "migrating"
        case .rolling: "rolling"
        case .baking: "baking"
        case .gating: "gating"
        case .confirming: "confirming"
        case .rollingBack: "rolling back"
        case .aborting: "aborting"
        case .releasing: "releasing"
        case .concluded(let outcome): outcome.words
        }
    }
}
