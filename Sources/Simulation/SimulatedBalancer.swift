import Activation
import Model

/// What a load balancer does with one host, or with each of its two instances.
struct SimulatedBalancer {
    private struct Seat {
        var admission = TrafficState.Admission.ready
        var sessions = 3
    }

    private var seats: [InstanceName?: Seat] = [:]
    /// Nobody reaches its runtime API.
    var isAway = false

    init(_ admission: TrafficState.Admission, of instance: InstanceName?) {
        seats[instance] = Seat(admission: admission)
    }

    func admission(of instance: InstanceName?) -> TrafficState.Admission { seats[instance]?.admission ?? .ready }

    /// Sessions end by and by once there are no new ones.
    mutating func state(of server: TrafficServer, isUp: Bool) -> TrafficState {
        var seat = seats[server.instance] ?? Seat()
        defer {
            if seat.admission != .ready { seat.sessions = max(0, seat.sessions - 1) }
            seats[server.instance] = seat
        }
        let sessions = isUp ? seat.sessions : 0
        return TrafficState(server: server, admission: seat.admission, isUp: isUp, sessions: sessions)
    }

    mutating func direct(_ order: TrafficOrder, _ draw: inout SeededGenerator) {
        let sessions = draw.number(0...6)
        let admission: TrafficState.Admission =
            switch order.admission {
            case .ready: .ready
            case .drain: .drain
            }
        for server in order.servers { seats[server.instance] = Seat(admission: admission, sessions: sessions) }
    }
}
