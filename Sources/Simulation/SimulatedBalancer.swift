import Activation

/// What a load balancer does with one host.
struct SimulatedBalancer {
    private(set) var admission: TrafficState.Admission
    private(set) var sessions = 3
    /// Nobody reaches its runtime API.
    var isAway = false

    init(_ admission: TrafficState.Admission) { self.admission = admission }

    /// Sessions end by and by once there are no new ones.
    mutating func state(of server: TrafficServer, isUp: Bool) -> TrafficState {
        defer { if admission != .ready { sessions = max(0, sessions - 1) } }
        return TrafficState(server: server, admission: admission, isUp: isUp, sessions: isUp ? sessions : 0)
    }

    mutating func direct(_ order: TrafficOrder, _ draw: inout SeededGenerator) {
        switch order.admission {
        case .ready: admission = .ready
        case .drain: admission = .drain
        }
        sessions = draw.number(0...6)
    }
}
