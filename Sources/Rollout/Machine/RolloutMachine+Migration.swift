import Model

/// What is done to shared data, on one host, after all hosts are prepared and before the first is switched.
///
/// It has ended well, or it has failed and the rollout is refused; in every other case nobody knows how far it has come, and a
/// person decides whether it is run again.
extension RolloutMachine {
    /// Whether the first stage has to wait for it: for as long as a host may be switched, one that is still away included.
    var mustMigrate: Bool {
        plan.migration != nil && state.migration != .done && state.hosts.contains(where: \.mayCome)
    }

    mutating func migrating() -> Bool {
        guard state.pause == nil, let host = plan.migration?.host else { return false }
        guard mustMigrate || state.migration == .asked else {
            guard isOpen else { return false }
            enterStage(0)
            return true
        }
        guard state.migration == .asked else { return beginMigration(on: host) }
        guard state.hosts[host].request == nil else { return false }
        doubt(Failure(.migrationUnknown, "\(name(host)) was lost, or did not answer in time"))
        return false
    }

    private mutating func beginMigration(on host: Int) -> Bool {
        guard state.hosts[host].step != .settled else {
            // It could not run the release before.
            state.migration = .done
            return true
        }
        guard !isExpected(state.hosts[host]) else { return false }
        guard state.hosts[host].step == .ready, !state.hosts[host].isUnreachable else {
            let message = "the migration waits for \(name(host)), which can't be reached or is not prepared"
            let advice = "bring it back, then `fleet resume`; `fleet abort` ends with nothing switched"
            pause(Pause(.migration, message, advice: advice))
            return false
        }
        state.migration = .asked
        let timeout = plan.migration?.migration.timeout ?? .zero
        // One that an agent which died has left running is waited for before another begins.
        ask(host, .migrate(release: plan.target.digest), within: timeout * 2 + plan.limits.silence * 2)
        return false
    }

    mutating func acceptMigration(_ host: Int, _ reply: HostReply) {
        guard state.phase == .migrating, state.migration == .asked else { return }
        switch reply {
        case .migrated: state.migration = .done
        case .refused(let failure) where failure.code == .migrationFailed:
            update(host) { $0.failure = failure }
            state.verdict = "no host was switched: the migration on \(name(host)) failed: \(failure.message)"
            giveBack(.refused)
        case .refused(let failure), .stuck(let failure), .reverted(_, let failure): doubt(failure)
        case .claimState, .claimed, .released, .prepared, .awaitingCommit, .committed, .discarded, .confirmed:
            doubt(Failure(.internalError, "answered 'migrate' with \(reply)"))
        }
    }

    private mutating func doubt(_ failure: Failure) {
        state.migration = nil
        let place = plan.migration.map { name($0.host) } ?? ""
        pause(
            Pause(
                .migration,
                "nobody knows how far the migration on \(place) has come: \(failure.message)",
                advice:
                    "look at the data; `fleet resume` runs it again on \(place), `fleet abort` ends with nothing switched"
            )
        )
    }
}
