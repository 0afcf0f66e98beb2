import Activation
import Model
import Rollout

/// What must hold of a service in two instances, and of the one instance of any other.
extension HostOracle {
    /// Of both instances one has what users need all the time, unless nobody knew that it was well.
    mutating func performed(_ effect: Effect, _ host: SimulatedHost) {
        defer { wasServed = isServed(host) }
        guard wasServed, !isServed(host), host.isWell, host.world.spec.strategy == .blueGreen else { return }
        guard let operation = host.facts.operation, case .rollout = operation.origin, operation.purpose != .rollback
        else {
            return
        }
        // The way back from a first release is to nothing.
        if operation.phase == .reverting, operation.predecessor == nil { return }
        // That a check fails is no effect of ours.
        if case .check = effect { return }
        violate(19, "nothing that has passed its checks has traffic after \(effect)")
    }

    private func isServed(_ host: SimulatedHost) -> Bool {
        host.runs.keys.contains { proven.contains($0) && (!hasTraffic || host.balancer.admission(of: $0) == .ready) }
    }

    mutating func startsBeside(_ place: InstanceName?, _ host: SimulatedHost) {
        guard let place, host.runs[place] == nil, !host.runs.isEmpty, hasTraffic, host.isWell,
            let operation = host.facts.operation, case .rollout = operation.origin, operation.phase == .starting,
            operation.purpose != .rollback
        else { return }
        if host.balancer.admission(of: place) == .ready { violate(19, "\(place) has traffic before its checks") }
    }

    /// Nobody decides between two that start at boot.
    mutating func booted(_ host: SimulatedHost) {
        if host.runs.count > 1 { violate(10, "two instances start at boot") }
        wasServed = isServed(host)
    }

    /// One release waits for its commit, in one instance.
    mutating func waits(_ host: SimulatedHost) {
        guard host.facts.operation?.phase == .awaitingCommit, host.isAwake else { return }
        if host.runs.count > 1 { violate(10, "two instances run while one waits for its commit") }
    }

    mutating func restsInOneInstance(_ host: SimulatedHost) {
        let disk = host.disk
        let places = disk.instances.keys.sorted()
        if host.world.spec.strategy == .blueGreen {
            let expected = disk.current == nil ? 0 : 1
            if places.count != expected || disk.instances.values.contains(where: { $0 != disk.current }) {
                violate(10, "instances are \(disk.instances), linked is \(disk.current?.description ?? "nothing")")
            }
        }
        // What a person keeps out stays out, in whichever instance it runs.
        guard disk.current != nil, !isMaintained || places.isEmpty else { return }
        if host.balancer.admission(of: places.first) == .drain { violate(19, "nobody gives it traffic again") }
    }
}
