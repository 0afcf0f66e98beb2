import Model

/// Where one gate of one stage stands.
struct GateState: Hashable, Codable, Sendable {
    let stage: Int
    let gate: GateName
    var step = Step.due
    /// Failing answers in a row.
    var failures = 0
    /// Inconclusive answers in a row.
    var inconclusive = 0
    /// The last answer.
    var verdict: GateVerdict?

    enum Step: Hashable, Codable, Sendable {
        /// To be asked, or waits for a person.
        case due
        /// Asked under this number; no answer by then is an inconclusive one.
        case asked(number: Int64, until: Instant)
        /// Has not passed, and is asked again then.
        case waiting(until: Instant)
        /// Has passed, and is asked again then if the stage still waits for something else; nil for a person's word.
        case passed(until: Instant?)

        var isPassed: Bool {
            switch self {
            case .passed: true
            case .due, .asked, .waiting: false
            }
        }

        /// When its timer fires.
        var until: Instant? {
            switch self {
            case .due: nil
            case .asked(_, let until), .waiting(let until): until
            case .passed(let until): until
            }
        }
    }

    /// The same by a clock that has another zero.
    func moved(by shift: TimeSpan) -> Self {
        var moved = self
        switch step {
        case .due: break
        case .asked(let number, let until): moved.step = .asked(number: number, until: until + shift)
        case .waiting(let until): moved.step = .waiting(until: until + shift)
        case .passed(let until): moved.step = .passed(until: until.map { $0 + shift })
        }
        return moved
    }

    /// Whatever was answered before counts no more; the last answer is still shown.
    mutating func forget() {
        step = .due
        failures = 0
        inconclusive = 0
    }
}
