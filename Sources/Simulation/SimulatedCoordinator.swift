import Model
import Rollout

/// The shell around one rollout machine: sessions, timers, and a ledger that survives a crash.
final class SimulatedCoordinator {
    let number: Int
    /// As its orders name them.
    let hosts: [HostID]
    var machine: RolloutMachine
    var oracle: RolloutOracle
    /// Counts restarts; what was meant for an earlier run is void.
    var run = 0
    var isDown = false
    /// Events that it was told.
    var heard = 0
    /// Session number by host; nil while not connected.
    var sessions: [Int?]
    var nextSession = 1
    /// Generation of each running timer.
    var armed: [TimerID: Int] = [:]
    var nextTimer = 0
    /// Zero of this run's clock.
    var clockZero: Int64 = 0
    /// When the last report to it arrives, by host: reports of one session keep their order.
    var reportArrival: [Int64]
    var summary: RolloutSummary?
    /// The pause that it has announced last.
    var pause: Pause?
    /// The orders that were written for approval; the ledger keeps them.
    var orders: [AskedOrder] = []
    /// What this run has been told of the wall clock.
    var toldOpening: Opening?
    /// The epoch under which it has ordered last.
    var orderEpoch = Epoch.none

    /// One with a ledger of its own, or the next rollout of another's.
    init(_ number: Int, _ plan: Plan, in ledger: LedgerID? = nil) {
        self.number = number
        hosts = plan.hosts.map(\.id).sorted()
        let id = RolloutID(ledger: ledger ?? Self.ledger(number), number: number + 1)
        machine = RolloutMachine(id: id, plan: plan)
        oracle = RolloutOracle(plan: plan)
        sessions = [Int?](repeating: nil, count: plan.hosts.count)
        reportArrival = [Int64](repeating: 0, count: plan.hosts.count)
    }

    private static func ledger(_ number: Int) -> LedgerID {
        LedgerID(validated: "00000000-0000-0000-0000-00000000000\(number)")
    }
}
