import FoundationEssentials
import Model
import SwiftProtobuf

extension HostCommand: WireConvertible {
    init(wire: WireHostCommand) throws(ProtocolError) {
        self.init(
            id: try .required(wire.id, if: wire.hasID, "id"),
            service: try Field.name(wire.service, "service"),
            environment: try Field.name(wire.environment, "environment"),
            request: try .required(wire.request, if: wire.hasRequest, "request"),
            history: try .optional(wire.history, if: wire.hasHistory, "history")
        )
    }

    var wire: WireHostCommand {
        .with {
            $0.id = id.wire
            $0.service = service.text
            $0.environment = environment.text
            $0.request = request.wire
            if let history { $0.history = history.wire }
        }
    }
}

extension HostRequest: WireConvertible {
    init(wire: WireHostRequest) throws(ProtocolError) {
        switch wire.kind {
        case .inspectClaim: self = .inspectClaim
        case .claim(let claim): self = .claim(try .inside("claim", claim))
        case .releaseClaim: self = .releaseClaim
        case .prepare(let order): self = .prepare(try .inside("prepare", order))
        case .activate(let order): self = .activate(try .inside("activate", order))
        case .activateDiverted(let order):
            guard order.hasTraffic else { throw .missing("activate_diverted.traffic") }
            self = .activate(try .inside("activate_diverted", order))
        case .migrate(let migrate): self = .migrate(release: try Field.digest(migrate.release, "migrate.release"))
        case .commit(let commit): self = .commit(release: try Field.digest(commit.release, "commit.release"))
        case .revert(let revert):
            self = .revert(release: try Field.digest(revert.release, "revert.release"), reason: revert.reason)
        case .remove(let remove):
            self = .remove(release: try Field.digest(remove.release, "remove.release"), reason: remove.reason)
        case .discard(let discard): self = .discard(release: try Field.digest(discard.release, "discard.release"))
        case .confirm(let confirm): self = .confirm(release: try Field.digest(confirm.release, "confirm.release"))
        case nil: throw .missing("kind")
        }
    }

    var wire: WireHostRequest { .with { $0.kind = kind } }

    private var kind: WireHostRequest.OneOf_Kind {
        switch self {
        case .inspectClaim: .inspectClaim(WireInspectClaim())
        case .claim(let claim): .claim(claim.wire)
        case .releaseClaim: .releaseClaim(WireReleaseClaim())
        case .prepare(let order): .prepare(order.wire)
        case .activate(let order): order.traffic == nil ? .activate(order.wire) : .activateDiverted(order.wire)
        case .migrate(let release): .migrate(.with { $0.release = Data(release.bytes) })
        case .commit(let release): .commit(.with { $0.release = Data(release.bytes) })
        case .remove(let release, let reason):
            .remove(
                .with {
                    $0.release = Data(release.bytes)
                    $0.reason = reason
                }
            )
        case .revert(let release, let reason):
            .revert(
                .with {
                    $0.release = Data(release.bytes)
                    $0.reason = reason
                }
            )
        case .discard(let release): .discard(.with { $0.release = Data(release.bytes) })
        case .confirm(let release): .confirm(.with { $0.release = Data(release.bytes) })
        }
    }
}
