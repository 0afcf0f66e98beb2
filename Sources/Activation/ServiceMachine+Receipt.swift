import Model

extension ServiceMachine {
    /// What people write may be long; a receipt stays small enough to travel with many others.
    private static func short(_ words: String) -> String { words.count > 500 ? "\(words.prefix(499))…" : words }

    /// What the receipt of an ended change says; taken when the machine's own state is that of the end.
    func act(_ change: Change, _ outcome: HostAct.Outcome, because failure: Failure? = nil, at now: Moment) -> HostAct {
        let installed = entry(change.target.id.digest)?.installed
        let request: RequestID?
        let user: String?
        switch change.requester {
        case .command(let id): (request, user) = (id, nil)
        case .local(_, let name): (request, user) = (nil, name)
        }
        var act = HostAct(
            service: service,
            environment: environment,
            outcome: outcome,
            purpose: change.purpose,
            release: change.target.id,
            artifact: installed?.artifact,
            predecessor: change.predecessor?.id,
            running: outcome == .kept ? change.target.id : current,
            request: request,
            order: change.order,
            by: user ?? change.asker ?? holding?.claim.holder ?? "unknown",
            at: now.wall
        )
        act.reason = change.reason.map(Self.short)
        // Going back to a release does not break the glass a second time, unless it takes the key again.
        act.breakGlass = change.breakGlass ?? (change.purpose == .deploy ? installed?.breakGlass : nil)
        act.breakGlass = act.breakGlass.map { BreakGlass(by: $0.by, reason: $0.reason.map(Self.short)) }
        act.brokenClaim = change.brokenClaim
        act.failure = failure?.code
        return act
    }
}
