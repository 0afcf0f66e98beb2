import Model

/// The one thing that goes wrong in one run of a rehearsal.
enum Trouble: Hashable, Sendable {
    case nothing
    /// The release fails its checks on every host.
    case failsEverywhere
    /// It fails its checks on one host.
    case fails(host: Int)
    /// It passes them on one host, and falls ill there so many milliseconds after its commit.
    case fallsIll(host: Int, after: Int64)
    /// It does not come up on one host, and neither does the release before.
    case getsStuck(host: Int)
    /// A host is off, and stays off.
    case isAway(host: Int)
    case strike(Strike)
    /// The coordinator dies at its so-manieth event, and is started again after a pause.
    case coordinatorDies(event: Int, pause: TimeSpan)
    case gate(GateName, Scenario.Judge)
    /// Messages are lost, late or doubled, sessions break, agents die, hosts reboot.
    case storm
    /// Load balancers do not answer now and then.
    case balancers

    /// What it is called in a report; the same for all of one kind.
    func name(in plan: Plan) -> String {
        switch self {
        case .nothing: "nothing goes wrong"
        case .failsEverywhere: "the release fails its checks"
        case .fails(let host): "it fails them in stage \(stage(of: host, plan)) alone"
        case .fallsIll(let host, _): "it falls ill after its commit in stage \(stage(of: host, plan))"
        case .getsStuck: "a host can neither go on nor back"
        case .isAway: "a host is off from the start"
        case .strike(let strike):
            switch strike.kind {
            case .agentDies: "an agent dies at \(strike.phase.rawValue)"
            case .powerFails: "a host loses its power at \(strike.phase.rawValue)"
            }
        case .coordinatorDies(_, let pause): "the coordinator dies, for \(pause)"
        case .gate(let gate, .fails): "gate \(gate) fails"
        case .gate(let gate, _): "gate \(gate) stays inconclusive"
        case .storm: "the network and hosts at their worst"
        case .balancers: "load balancers do not answer now and then"
        }
    }

    private func stage(of host: Int, _ plan: Plan) -> String {
        let index = plan.stages.firstIndex { $0.hosts.contains(host) } ?? 0
        return "\(index + 1) (\(plan.stages[index].name))"
    }
}
