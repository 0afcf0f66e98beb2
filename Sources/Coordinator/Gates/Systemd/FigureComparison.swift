internal import Model

/// What units use on changed hosts, against the median of unchanged ones.
struct FigureComparison {
    private let gate: SystemdGate
    private let answers: [HostID: Answer]
    /// Medians of the unchanged hosts; nil where none of them knows.
    private let usualMemory: Double?
    private let usualLoad: Double?
    /// Why one of the unchanged hosts has said nothing.
    private let silence: String

    private typealias Answer = Result<UnitFigures, any Error>

    /// The median of more hosts is no better, and each must be asked.
    private static let mostUnchanged = 50
    /// What a unit may use more for any share: of next to nothing, next to nothing is a multiple.
    private static let leastMemory = Double(1 << 20)
    private static let leastLoad = 0.01

    /// Asks all hosts at the same time.
    init(_ gate: SystemdGate, _ subject: GateSubject) async {
        self.gate = gate
        let unchanged = gate.comparesHosts ? Array(subject.unchanged.prefix(Self.mostUnchanged)) : []
        let answers = await withTaskGroup { group in
            for host in subject.hosts + unchanged { group.addTask { (host, await Self.ask(host, subject)) } }
            return await group.reduce(into: [HostID: Answer]()) { $0[$1.0] = $1.1 }
        }
        self.answers = answers
        let refusals = unchanged.compactMap { host in answers[host]?.refusal.map { "\(host): \($0)" } }
        silence = refusals.first.map { " (\($0))" } ?? ""
        let usual = unchanged.compactMap { try? answers[$0]?.get() }  // of those that have answered
        usualMemory = usual.compactMap { $0.memory.map { Double($0.bytes) } }.median
        usualLoad = usual.compactMap(\.load).median
    }

    private static func ask(_ host: HostID, _ subject: GateSubject) async -> Answer {
        do {
            guard let figures = try await subject.figures(host) else {
                return .failure(CoordinatorError(.commandFailed, "\(host) is no host of this rollout"))
            }
            return .success(figures)
        } catch {
            return .failure(error)
        }
    }

    /// What is lacking to compare with.
    var missing: [UnitFinding] {
        let lacks =
            (gate.maxMemory != nil && usualMemory == nil ? ["memory"] : [])
            + (gate.maxCPU != nil && usualLoad == nil ? ["CPU"] : [])
        return lacks.map { UnitFinding(.inconclusive, "no unchanged host says how much \($0) its unit uses\(silence)") }
    }

    /// What is known of one changed host, for everything that the gate asks for.
    func findings(_ host: HostID) -> [UnitFinding] {
        switch answers[host] {
        case .success(let figures)?:
            return [errors(host, figures), memory(host, figures), load(host, figures)].compactMap(\.self)
        case .failure(let error)?:
            return [UnitFinding(.inconclusive, "\(host) does not say what its unit uses: \(error)")]
        case nil: return [UnitFinding(.inconclusive, "\(host) was not asked")]
        }
    }

    private func errors(_ host: HostID, _ figures: UnitFigures) -> UnitFinding? {
        guard let most = gate.maxErrorLines else { return nil }
        guard let lines = figures.errorLines else {
            return UnitFinding(.inconclusive, "\(host) can't read the journal of \(figures.unit)")
        }
        let line = "\(figures.unit) on \(host) has written \(lines) error lines"
        return UnitFinding(lines <= most ? .pass : .fail, line)
    }

    private func memory(_ host: HostID, _ figures: UnitFigures) -> UnitFinding? {
        guard let share = gate.maxMemory, let usual = usualMemory else { return nil }
        guard let memory = figures.memory else {
            return UnitFinding(.inconclusive, "\(host) does not count the memory of \(figures.unit)")
        }
        let isWell = Double(memory.bytes) <= max(usual * share.value, usual + Self.leastMemory)
        let line = "\(figures.unit) on \(host) has \(memory) memory, unchanged hosts \(ByteCount(Int64(usual)))"
        return UnitFinding(isWell ? .pass : .fail, line)
    }

    private func load(_ host: HostID, _ figures: UnitFigures) -> UnitFinding? {
        guard let share = gate.maxCPU, let usual = usualLoad else { return nil }
        guard let load = figures.load else {
            return UnitFinding(.inconclusive, "\(host) does not count the CPU time of \(figures.unit)")
        }
        let isWell = load <= max(usual * share.value, usual + Self.leastLoad)
        let line = "\(figures.unit) on \(host) uses \(load.shortened) CPUs, unchanged hosts \(usual.shortened)"
        return UnitFinding(isWell ? .pass : .fail, line)
    }
}

extension Result {
    fileprivate var refusal: Failure? {
        switch self {
        case .success: nil
        case .failure(let error): error
        }
    }
}
