import Model
import Rollout

/// People who are asked to approve: some do, some too late, some never, and some think again.
extension Simulator {
    /// Who has a key; the first of them asks for the rollouts.
    private static let people = ["sim0", "bob", "carol"]

    /// Writes an order and asks everyone; a coordinator that crashes before it is told asks again.
    mutating func askPeople(_ number: Int) {
        let count = coordinators[number].orders.count + 1
        var bytes = [UInt8](repeating: UInt8(number), count: Digest.byteCount)
        bytes[0] = UInt8(truncatingIfNeeded: count)
        bytes[1] = UInt8(truncatingIfNeeded: count >> 8)
        let approveBy = WallTime(milliseconds: now) + scenario.approveWithin
        let order = AskedOrder(
            digest: Digest(bytes: bytes),
            approveBy: approveBy,
            validUntil: approveBy + scenario.validFor
        )
        coordinators[number].orders.append(order)
        let run = coordinators[number].run
        agenda.enter(.event(coordinator: number, run: run, .asked(order)), at: now)
        agenda.enter(.lapse(coordinator: number, order: order.digest), at: approveBy.milliseconds + 1)
        let patience = now < scenario.tempo.faultsEnd ? scenario.approveWithin.milliseconds * 2 : 30_000
        for person in Self.people where now >= scenario.tempo.faultsEnd || draw.chance(70) {
            let happening = Happening.person(coordinator: number, name: person, order: order.digest)
            agenda.enter(happening, at: now + Int64(draw.number(1...Int(patience))))
        }
    }

    /// Somebody approves, or takes it back; a word waits in the ledger until somebody reads it.
    mutating func speak(_ name: String, to number: Int, about order: Digest) {
        guard coordinators[number].summary == nil else { return }
        let run = coordinators[number].run
        guard !coordinators[number].isDown else {
            agenda.enter(.person(coordinator: number, name: name, order: order), at: now + 5000)
            return
        }
        let approval = Approval(order: order, person: name, signature: [])
        tell(number, run, .operatorSaid(.approve(approval)))
        guard now < scenario.tempo.faultsEnd, draw.chance(10) else { return }
        let word = OperatorWord.withdrawApproval(person: name, reason: nil)
        agenda.enter(
            .event(coordinator: number, run: run, .operatorSaid(word)),
            at: now + Int64(draw.number(1...60_000))
        )
    }

    /// The wall clock has passed a time of an order; looked at again if that order then counts for longer.
    mutating func lookAtOrder(_ order: Digest, of number: Int) {
        guard coordinators[number].summary == nil else { return }
        guard !coordinators[number].isDown else {
            agenda.enter(.lapse(coordinator: number, order: order), at: now + 5000)
            return
        }
        guard let watched = coordinators[number].machine.watchedOrder, watched.order == order else { return }
        guard watched.until.milliseconds < now else {
            agenda.enter(.lapse(coordinator: number, order: order), at: watched.until.milliseconds + 1)
            return
        }
        tell(number, coordinators[number].run, .orderLapsed(order: order))
    }
}
