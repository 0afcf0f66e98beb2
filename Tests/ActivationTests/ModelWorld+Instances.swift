import Activation
import Model

/// What runs in the model world, where there may be two of it, and who gives it traffic.
extension ModelWorld {
    /// The instance whose unit that is; nil for a unit that is no template.
    static func instance(of unit: UnitName) -> InstanceName? {
        guard let start = unit.text.firstIndex(of: "@"), let end = unit.text.lastIndex(of: ".") else { return nil }
        return InstanceName(String(unit.text[unit.text.index(after: start)..<end]))
    }

    /// What the one process runs, or all copies; nil for none, for two, and for some.
    var running: ReleaseID? {
        get { runs.count == spec.copies?.count ?? 1 && Set(runs.values).count == 1 ? runs.first?.value : nil }
        set { runs = newValue.map { [nil: $0] } ?? [:] }
    }

    /// Where that is.
    var place: InstanceName? { runs.count == 1 ? runs.first?.key : nil }

    /// What a load balancer does with it.
    var admission: TrafficState.Admission {
        get { admissions[place] ?? .ready }
        set { admissions[place] = newValue }
    }

    /// Whether something that works has traffic.
    var isServed: Bool {
        runs.contains { place, release in
            proven.contains(place) && admissions[place] ?? .ready == .ready && !failingChecks.contains(release)
        }
    }

    func state(of server: TrafficServer) -> TrafficState {
        let isUp = runs[server.instance] != nil
        return TrafficState(
            server: server,
            admission: admissions[server.instance] ?? .ready,
            isUp: isUp && isSeenUp,
            sessions: isUp ? sessions : 0
        )
    }

    mutating func direct(_ order: TrafficOrder) {
        for server in order.servers {
            let place = server.instance
            if admissions[place] == .maintenance { refuse("what a person has taken out gets another word") }
            switch order.admission {
            case .drain: admissions[place] = .drain
            case .ready:
                if !proven.contains(place) || runs[place] == nil {
                    refuse("traffic for what has not passed its checks")
                }
                // The way back has no time to lose with a warm-up that does not end.
                let isLate = machine.report.operation?.phase == .reverting && warming.contains(place)
                if spec.hooks.warmUp != nil, !warm.contains(place), !isLate {
                    refuse("traffic for what was not warmed up")
                }
                admissions[place] = .ready
            }
        }
    }

    mutating func stop(_ units: [UnitName]) {
        if !runs.isEmpty, deadMan == nil, machine.report.operation?.phase == .draining {
            refuse("the service was stopped without a timer")
        }
        let isForward = [.draining, .checking].contains(machine.report.operation?.phase)
        for unit in units {
            let place = Self.instance(of: unit)
            if isForward, mustBeIdle, runs[place] != nil, !idle.contains(place) { refuse("a job may have been killed") }
            idle.remove(place)
            if unit.isTemplate { refuse("\(unit) can't be stopped: it is a template") }
            runs[Self.instance(of: unit)] = nil
            proven.remove(Self.instance(of: unit))
        }
    }
}
