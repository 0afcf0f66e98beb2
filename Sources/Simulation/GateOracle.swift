import Model
import Rollout

/// What the gates of a plan have answered, as whoever looks on would count it.
struct GateOracle {
    private let plan: Plan
    private var open: [GateName: Question] = [:]
    private var answers: [GateName: GateVerdict.Answer] = [:]

    /// A question that may still be answered.
    private struct Question {
        let number: Int64
        let until: Instant
    }

    init(plan: Plan) { self.plan = plan }

    /// The last answer that counts.
    func answer(to gate: GateName) -> GateVerdict.Answer? { answers[gate] }

    mutating func asked(_ question: GateQuestion, at now: Instant) {
        guard let gate = plan.gate(question.gate) else { return }
        let until = now + gate.timeout + plan.limits.silence
        open[question.gate] = Question(number: question.number, until: until)
        answers[question.gate] = nil
    }

    /// An answer counts once, in time, and only for the question that was asked last.
    mutating func judged(_ gate: GateName, _ number: Int64, _ answer: GateVerdict.Answer, at now: Instant) {
        guard let question = open[gate], question.number == number, now <= question.until else { return }
        open[gate] = nil
        answers[gate] = answer
    }

    mutating func promoted(_ gate: GateName) { answers[gate] = .pass }

    /// A pause: what was answered before says nothing about the time after it, but for a person's word.
    mutating func forget() {
        open = [:]
        answers = answers.filter { plan.gate($0.key)?.isForPeople == true }
    }

    mutating func forgetAll() {
        open = [:]
        answers = [:]
    }

    /// Whoever was asked before answers nobody; what was answered before counts.
    mutating func restart() { open = [:] }
}
