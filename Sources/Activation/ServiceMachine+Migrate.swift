import Model

/// The migration of a release that was prepared here: once for each request, by the leave by which it would be switched to.
extension ServiceMachine {
    mutating func migrate(_ digest: Digest, _ requester: Requester, at now: Moment) -> [Action] {
        let preparation: Preparation?
        switch state {
        case .preparing, .migrating, .changing, .reverting: return answer(requester, .refused(busy))
        case .idle: preparation = nil
        case .prepared(let prepared): preparation = prepared
        }
        if let held { return answer(requester, .refused(Failure(.held, "\(service) is held: \(held)"))) }
        if let restriction = holding?.restriction { return answer(requester, .refused(restriction)) }
        guard let permit, permit.covers(digest, under: holding?.claim), let entry = entry(digest) else {
            let message = "release \(digest.short) was not prepared here under an order of this rollout"
            return answer(requester, .refused(Failure(.orderRefused, message)))
        }
        if let expired = expiry(permit, at: now.wall) { return answer(requester, .refused(expired)) }
        guard let migration = entry.spec.migration else {
            let message = "service.yml of \(entry.installed.id) has no migration"
            return answer(requester, .refused(Failure(.specInvalid, message)))
        }
        state = .migrating(Migrating(requester: requester, id: entry.installed.id, preparation: preparation))
        let run = MigrationRun(release: entry.installed.id, command: migration.command, timeout: migration.timeout)
        return perform(.migrate(run))
    }

    mutating func advance(_ migrating: Migrating, _ result: EffectResult) -> [Action] {
        switch result {
        case .done: return end(migrating, .migrated(migrating.id))
        case .failed(let failure): return end(migrating, .refused(failure))
        case .verified, .inspected, .started, .checked, .traffic, .busy: return []
        }
    }

    /// Nobody was there to hear how it ended, if it has.
    mutating func interrupt(_ migrating: Migrating, because reason: String) -> [Action] {
        awaited = nil
        let message = "\(reason) while the migration of \(migrating.id) ran: nobody knows how far it has come"
        return end(migrating, .refused(Failure(.migrationUnknown, message)))
    }

    private mutating func end(_ migrating: Migrating, _ reply: HostReply) -> [Action] {
        state = migrating.preparation.map(MachineState.prepared) ?? .idle
        return answer(migrating.requester, reply)
    }
}
