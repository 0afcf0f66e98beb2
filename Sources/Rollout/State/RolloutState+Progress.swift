package import Model

extension RolloutState {
    /// Whether nothing has been done about it yet.
    package var isNew: Bool { phase == .planned }

    /// The phase for the records of a ledger; stages count from 1.
    package var phaseName: String {
        let stage: Int? =
            switch phase {
            case .rolling(let stage), .baking(let stage), .gating(let stage): stage
            case .planned, .scheduled, .mustering, .inspecting, .claiming, .awaitingApproval, .preparing, .migrating,
                .confirming,
                .rollingBack, .aborting, .releasing, .concluded:
                nil
            }
        let name = phase.name + (stage.map { " stage \($0 + 1)" } ?? "")
        return pause == nil ? name : "\(name), paused"
    }

    /// All that does not belong to a single host.
    var head: Self {
        var head = self
        head.hosts = []
        return head
    }

    /// The state whose head and hosts were stored apart.
    ///
    /// A host that was never stored is as the plan made it.
    package init(head: Self, changes: [HostChange], plan: Plan) {
        self = head
        hosts = Self(plan: plan).hosts
        for change in changes where hosts.indices.contains(change.host) { hosts[change.host] = change.state }
    }
}
