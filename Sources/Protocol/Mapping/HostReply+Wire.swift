import Model
import SwiftProtobuf

extension HostReply: WireConvertible {
    init(wire: WireHostReply) throws(ProtocolError) {
        switch wire.kind {
        case .claimState(let state):
            self = .claimState(
                highest: try Field.epoch(state.highestEpoch, if: state.hasHighestEpoch, "claim_state.highest_epoch"),
                claim: try .optional(state.claim, if: state.hasClaim, "claim_state.claim")
            )
        case .claimed(let claimed):
            let epoch = try Field.epoch(claimed.highestEpoch, if: claimed.hasHighestEpoch, "claimed.highest_epoch")
            self = .claimed(highest: epoch)
        case .released: self = .released
        case .prepared(let release): self = .prepared(try .inside("prepared", release))
        case .migrated(let release): self = .migrated(try .inside("migrated", release))
        case .awaitingCommit(let release): self = .awaitingCommit(try .inside("awaiting_commit", release))
        case .committed(let release): self = .committed(try .inside("committed", release))
        case .reverted(let reverted):
            self = .reverted(
                to: try .optional(reverted.to, if: reverted.hasTo, "reverted.to"),
                failure: try .required(reverted.failure, if: reverted.hasFailure, "reverted.failure")
            )
        case .stuck(let failure): self = .stuck(try .inside("stuck", failure))
        case .discarded: self = .discarded
        case .confirmed(let release): self = .confirmed(try .inside("confirmed", release))
        case .refused(let failure): self = .refused(try .inside("refused", failure))
        case nil: throw .missing("kind")
        }
    }

    var wire: WireHostReply { .with { $0.kind = kind } }

    private var kind: WireHostReply.OneOf_Kind {
        switch self {
        case .claimState(let highest, let claim):
            .claimState(
                .with {
                    $0.highestEpoch = highest.number
                    if let claim { $0.claim = claim.wire }
                }
            )
        case .claimed(let highest): .claimed(.with { $0.highestEpoch = highest.number })
        case .released: .released(WireReleasedClaim())
        case .prepared(let release): .prepared(release.wire)
        case .migrated(let release): .migrated(release.wire)
        case .awaitingCommit(let release): .awaitingCommit(release.wire)
        case .committed(let release): .committed(release.wire)
        case .reverted(let target, let failure):
            .reverted(
                .with {
                    if let target { $0.to = target.wire }
                    $0.failure = failure.wire
                }
            )
        case .stuck(let failure): .stuck(failure.wire)
        case .discarded: .discarded(WireDiscarded())
        case .confirmed(let release): .confirmed(release.wire)
        case .refused(let failure): .refused(failure.wire)
        }
    }
}
