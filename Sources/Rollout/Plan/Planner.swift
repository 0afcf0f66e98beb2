package import Model

/// Turns a policy into a plan with every number worked out, or says why it can't.
package struct Planner: Sendable {
    /// What a stage of canaries is called; the machine knows them by it.
    package static let canaryName = "canary"

    let request: PlanRequest
    /// Indices into the environment's hosts of those that the plan names.
    let members: [Int]

    /// The plan for `request`.
    ///
    /// - Throws: `PlanRefusal` with the numbers and the nearest policy that works.
    package static func plan(_ request: PlanRequest) throws(PlanRefusal) -> Plan {
        try Planner(request).plan()
    }

    private init(_ request: PlanRequest) throws(PlanRefusal) {
        self.request = request
        let hosts = request.environment.hosts
        var names: Set<HostID> = []
        for host in hosts where !names.insert(host.id).inserted {
            throw PlanRefusal(code: .repeatedHost, found: "host \(host.id) is listed twice", advice: "list it once")
        }
        for skip in request.skips where !names.contains(skip.id) {
            let found = "host \(skip.id) is not in \(request.environment.name)"
            throw PlanRefusal(code: .unknownHost, found: found, advice: "`fleet hosts` lists the names")
        }
        let skipped = Set(request.skips.map(\.id))
        members = hosts.indices.filter { !skipped.contains(hosts[$0].id) }
        guard !members.isEmpty else {
            let found = hosts.isEmpty ? "\(request.environment.name) has no hosts" : "every host is skipped"
            throw PlanRefusal(code: .noHosts, found: found, advice: "a plan needs one host at least")
        }
    }

    private func plan() throws(PlanRefusal) -> Plan {
        let environment = request.environment
        if request.kind == .remove, environment.approvals > 0 || environment.isControlled {
            throw PlanRefusal(
                code: .needsApproval,
                found: "\(environment.name) demands approvals, and there is no order to approve that would remove it",
                advice: "take 'controlled' and 'approvals' out of fleet.yml first, which others review"
            )
        }
        var capacity = try capacity()
        let stages = try stages(capacity)
        capacity.places = rules(capacity.places, of: stages)
        let migration = try migration(stages)
        let isForGood = migration?.migration.isReversible == false
        return Plan(
            kind: request.kind,
            fleet: request.fleet,
            service: environment.service,
            environment: environment.name,
            target: request.target,
            release: request.release,
            previous: request.previous,
            hosts: members.map { index in
                let host = environment.hosts[index]
                return PlannedHost(id: host.id, weight: host.weight, region: host.region, zone: host.zone)
            },
            stages: stages,
            skipped: request.skips,
            capacity: capacity,
            limits: limits,
            // Only a deployment is taken back by itself; with a rollback or restart a person decides.
            onFailure: request.kind == .deploy && !isForGood ? environment.onFailure : .pause,
            approvals: approvals,
            adoption: request.adoption,
            reason: request.reason,
            catchUp: request.catchUp,
            again: request.again,
            returned: request.returned,
            onCommitMissing: environment.onCommitMissing == .keep || isForGood ? .keep : nil,
            drift: request.drift == .repair ? .repair : nil,
            gates: try gates(of: stages),
            traffic: environment.traffic,
            calendar: calendar,
            whileClosed: calendar == nil ? nil : request.whileClosed,
            schedule: request.schedule,
            offline: bringsRelease && environment.offline != .pause ? environment.offline : nil,
            proving: bringsRelease ? request.proving : nil,
            variables: variables,
            supersedes: request.supersedes,
            migration: migration
        )
    }

    /// What whoever says yes sees of a change that is in no artifact.
    private var variables: [VariableChange]? {
        guard let old = request.previousRelease, let changes = request.release?.variableChanges(since: old) else {
            return nil
        }
        return changes.isEmpty ? nil : changes
    }

    /// Whether the environment gets a release that it has not had, rather than some of its hosts.
    var bringsRelease: Bool { request.kind == .deploy && request.catchUp == nil && request.returned == nil }

    /// Holds what brings a new release, never the way back, nor hosts that get what all others have.
    private var calendar: ChangeCalendar? {
        guard bringsRelease else { return nil }
        return request.environment.calendar.flatMap { $0.isEmpty ? nil : $0 }
    }
}
