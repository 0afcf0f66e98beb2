import Model
import Rollout

/// Those who judge gates, and people who promote.
extension Simulator {
    /// Has a gate judged; nobody hears an answer whose coordinator has died meanwhile.
    mutating func judge(_ number: Int, _ question: GateQuestion) {
        guard let judge = scenario.judges[question.gate], let gate = scenario.plan.gate(question.gate) else { return }
        // As who really judges says it: there is nothing to compare with.
        guard !gate.comparesHosts || !question.unchanged.isEmpty else { return answer(number, question, .inconclusive) }
        switch judge {
        case .passes: answer(number, question, .pass)
        case .fails: answer(number, question, .fail)
        case .knowsNothing: answer(number, question, .inconclusive)
        case .isMoody: answer(number, question, anything())
        case .contradictsItself:
            answer(number, question, anything())
            answer(number, question, anything(), after: Int64(draw.number(1...30_000)))
        case .isLate:
            let tooLate = gate.timeout + scenario.plan.limits.silence + .milliseconds(Int64(draw.number(1...30_000)))
            answer(number, question, .pass, after: tooLate.milliseconds)
        case .isSilent: break
        }
    }

    private mutating func anything() -> GateVerdict.Answer {
        GateVerdict.Answer.allCases[draw.number(0...2)]
    }

    private mutating func answer(
        _ number: Int,
        _ question: GateQuestion,
        _ answer: GateVerdict.Answer,
        after span: Int64 = 0
    ) {
        let verdict = GateVerdict(answer, "said in the simulation")
        let word = RolloutEvent.Word.judged(
            gate: question.gate,
            stage: question.stage,
            number: question.number,
            verdict: verdict
        )
        let time = now + span + Int64(draw.number(1...900))
        agenda.enter(.event(coordinator: number, run: coordinators[number].run, word), at: time)
    }

    /// Somebody is asked to promote, and does so in a while.
    mutating func askForPromotion(_ number: Int, _ stage: Int) {
        let time = now + Int64(draw.number(scenario.tempo.promotion))
        agenda.enter(.promotion(coordinator: number, stage: stage), at: time)
    }

    /// Says yes, now and then to another stage than the one that waits, and twice.
    mutating func promote(_ number: Int, _ stage: Int) {
        guard coordinators[number].summary == nil else { return }
        guard !coordinators[number].isDown else {
            agenda.enter(.promotion(coordinator: number, stage: stage), at: now + 5000)
            return
        }
        let run = coordinators[number].run
        if draw.chance(20) {
            tell(number, run, .operatorSaid(.promote(stage: stage + 1, person: "sim", reason: nil)))
        }
        for _ in 0..<draw.number(1...2) {
            tell(number, run, .operatorSaid(.promote(stage: stage, person: "sim", reason: nil)))
        }
    }
}
