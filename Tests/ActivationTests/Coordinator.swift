import Activation
import Model

extension HostCommand {
    /// What the shell reads in a command of an honest ledger, besides orders.
    var usualReading: Reading {
        if case .claim = request { .continued } else { .nothing }
    }
}

/// One ledger that speaks to the host, not always wisely.
struct Coordinator {
    let ledger: Int
    var number = 1
    var epoch = Epoch.none
    var sequence: Int64 = 0
    /// The load balancers of its plans.
    var traffic: TrafficPolicy?

    var rollout: RolloutID { Fixture.rollout(number, ledger: ledger) }

    mutating func command(_ request: HostRequest) -> HostCommand {
        sequence += 1
        return HostCommand(
            id: RequestID(rollout: rollout, epoch: epoch, sequence: sequence),
            service: Fixture.service,
            environment: Fixture.environment,
            request: request
        )
    }

    /// A new rollout that claims with the next epoch after `highest`.
    mutating func claim(above highest: Epoch) -> HostCommand {
        number += 1
        epoch = highest.next
        sequence = 0
        return command(.claim(Fixture.claim(rollout, epoch)))
    }

    mutating func prepare(_ release: Int) -> (HostCommand, Reading) {
        let read = ReadOrder(
            order: Fixture.order(release, rollout, epoch),
            release: Fixture.release(release),
            releaseDigest: Fixture.digest(release)
        )
        return (command(.prepare(Fixture.material)), .order(read))
    }

    mutating func activate(
        _ release: Int,
        _ purpose: Purpose = .deploy,
        onCommitMissing policy: CommitMissingPolicy? = nil,
        drift: DriftPolicy? = nil
    ) -> HostCommand {
        command(
            .activate(
                ActivateOrder(
                    release: Fixture.id(release),
                    purpose: purpose,
                    activateWithin: .seconds(120),
                    commitWithin: .seconds(60),
                    onCommitMissing: policy,
                    drift: drift,
                    traffic: traffic
                )
            )
        )
    }
}
