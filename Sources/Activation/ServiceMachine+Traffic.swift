import Model

/// Out of traffic before the old release stops, back when the new one is well.
///
/// Where this host is taken out is written down before a load balancer is told, so that whoever goes on, after a crash, a
/// reboot or a failure, puts back that and nothing else: what a person has taken out before stays out.
extension ServiceMachine {
    /// The load balancers that a coordinator has named last; the agent itself is behind none.
    func diversion(from predecessor: Deployment?, to target: Deployment) -> Diversion? {
        service == .agent ? nil : traffic.map { Diversion($0, host: host, from: predecessor, to: target) }
    }

    /// Whether this host gets no traffic somewhere because it has said so; what an idle instance gets does not count.
    var isDiverted: Bool { !takenOut(of: linkedDeployment).isEmpty }

    /// Where `deployment` gets no traffic because this host has said so.
    func takenOut(of deployment: Deployment?) -> [TrafficServer] {
        (takenOut ?? []).filter { $0.instance == nil || $0.instance == deployment?.instance }
    }

    /// Begins a step that is about load balancers, or passes it where there are none.
    mutating func enterTraffic(_ change: Change, at now: Moment) -> [Action] {
        var next = change
        switch change.step {
        case .diverting: next.diversion?.until = now.boot.instant + (change.diversion?.drainWithin ?? .zero)
        case .readmitting: next.readmitBy = now.boot.instant + change.target.spec.checkDeadline
        case .arming, .probing, .surveying, .hiding, .closing, .draining, .idling, .stopping, .unlinking, .restoring,
            .switching,
            .trying, .starting, .reloading, .answering, .warming, .checking, .undraining, .rearming, .awaitingCommit,
            .guarding,
            .judging, .kept:
            break
        }
        let servers = servers(of: next)
        guard !servers.isEmpty else { return leave(next, at: now) }
        state = .changing(next)
        return look(at: servers)
    }

    /// Whom the step under way is about.
    private func servers(of change: Change) -> [TrafficServer] {
        guard let diversion = change.diversion else { return change.step == .readmitting ? takenOut ?? [] : [] }
        switch change.step {
        case .closing: return diversion.servers
        case .diverting where change.isBeside: return diversion.old ?? []
        case .readmitting where change.isBeside: return diversion.all
        case .readmitting: return takenOut(of: change.target)
        case .surveying, .diverting: return diversion.all
        case .arming, .probing, .hiding, .draining, .idling, .stopping, .unlinking, .restoring, .switching, .trying,
            .starting, .reloading, .answering, .warming, .checking, .undraining, .rearming, .awaitingCommit, .guarding,
            .judging,
            .kept:
            return []
        }
    }

    /// What load balancers do with this host, on the way to the new release.
    mutating func found(_ states: [TrafficState], _ change: Change, at now: Moment) -> [Action] {
        switch change.step {
        case .surveying where change.isBeside: return surveyed(states, change, at: now)
        case .closing: return divert(states) ?? leave(change, at: now)
        case .readmitting where change.isBeside: return admit(states, change, at: now)
        case .diverting:
            if let order = divert(states) { return order }
            guard let left = Self.sessions(states) else { return leave(change, at: now) }
            guard change.isDrainOver(at: now) else { return lookAgain(change) }
            guard change.diversion?.onSessionsLeft == .fail, !change.goesOnInTraffic else {
                return leave(change, at: now)
            }
            return revert(change, because: Failure(.trafficFailed, left), at: now)
        case .readmitting:
            if let ill = Self.ill(states) {
                guard change.isReadmitOver(at: now) else { return lookAgain(change) }
                return revert(change, because: Failure(.trafficFailed, ill), at: now)
            }
            return readmit(states) ?? leave(change, at: now)
        case .surveying, .arming, .probing, .hiding, .draining, .idling, .stopping, .unlinking, .restoring, .switching,
            .trying, .starting, .reloading, .answering, .warming, .checking, .undraining, .rearming, .awaitingCommit,
            .guarding,
            .judging, .kept:
            return leave(change, at: now)
        }
    }

    /// A load balancer did not answer, or did not take the word: for a time that may be its own restart.
    mutating func failedInTraffic(_ change: Change, _ failure: Failure, at now: Moment) -> [Action] {
        let isOver = change.step == .diverting ? change.isDrainOver(at: now) : change.isReadmitOver(at: now)
        if change.step == .diverting, change.goesOnInTraffic { return leave(change, at: now) }
        guard isOver else { return lookAgain(change, after: Self.patience) }
        return revert(change, because: failure, at: now)
    }

    mutating func lookAgain(_ change: Change, after pause: TimeSpan = Self.interval) -> [Action] {
        look(at: servers(of: change), after: pause)
    }

    // MARK: Both ways

    mutating func look(at servers: [TrafficServer], after pause: TimeSpan = .zero) -> [Action] {
        perform(.lookAtTraffic(TrafficLook(servers: servers, after: pause)))
    }

    /// The word to those who still give this host traffic; nil where nobody does.
    mutating func divert(_ states: [TrafficState]) -> [Action]? {
        let open = states.filter { $0.admission == .ready }.map(\.server)
        guard !open.isEmpty else { return nil }
        let known = takenOut ?? []
        takenOut = known + open.filter { !known.contains($0) }
        return perform(.directTraffic(TrafficOrder(.drain, open)))
    }

    /// The word to those whom this host has told to give it none; nil where it has all of it back.
    ///
    /// What a person has put into maintenance meanwhile is theirs.
    mutating func readmit(_ states: [TrafficState]) -> [Action]? {
        takenOut?.removeAll { server in states.contains { $0.server == server && $0.admission == .maintenance } }
        let drained = states.filter { $0.admission == .drain }.map(\.server)
        guard drained.isEmpty else { return perform(.directTraffic(TrafficOrder(.ready, drained))) }
        forget(states.map(\.server))
        return nil
    }

    /// They are not out of traffic, or not by a word of this host.
    mutating func forget(_ servers: [TrafficServer]) {
        takenOut?.removeAll(where: servers.contains)
        if takenOut?.isEmpty == true { takenOut = nil }
    }

    /// Who still has sessions; nil when nobody has.
    private static func sessions(_ states: [TrafficState]) -> String? {
        let left = states.filter { $0.sessions > 0 }.map { "\($0.server) has \($0.sessions)" }
        return left.isEmpty ? nil : "sessions did not end in the time for them: \(left.joined(separator: ", "))"
    }

    /// Who does not find this host well, by its own checks; nil when everybody does.
    static func ill(_ states: [TrafficState]) -> String? {
        let ill = states.filter { $0.admission != .maintenance && !$0.isUp }.map(\.server.description)
        guard !ill.isEmpty else { return nil }
        return "HAProxy's own checks don't find this host well, although ours do: \(ill.joined(separator: ", "))"
    }

    /// Short against what a session takes, long against what an answer costs.
    static let interval = TimeSpan.milliseconds(100)
    /// Pause before a load balancer is asked again that did not answer.
    static let patience = TimeSpan.milliseconds(500)
}

extension Change {
    /// Whether it goes on where a load balancer can't be told: what is ill must not keep its own cure out, and nothing the
    /// way back.
    var goesOnInTraffic: Bool { condition != .sound || purpose == .rollback }

    func isDrainOver(at now: Moment) -> Bool { diversion?.until.map { $0 <= now.boot.instant } ?? true }

    func isReadmitOver(at now: Moment) -> Bool { readmitBy.map { $0 <= now.boot.instant } ?? true }
}

extension Change.Step {
    /// Whether it consists of looks at load balancers and words to them.
    var isOfTraffic: Bool { self == .closing || self == .diverting || self == .readmitting }
}
