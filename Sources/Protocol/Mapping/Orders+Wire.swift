import FoundationEssentials
import Model
import SwiftProtobuf

extension PrepareOrder: WireConvertible {
    init(wire: WirePrepareOrder) throws(ProtocolError) {
        self.init(
            order: try Field.bytes(wire.order, "order"),
            release: try Field.bytes(wire.release, "release"),
            provenance: wire.provenance.map { [UInt8]($0) },
            approvals: wire.approvals.map { [UInt8]($0) },
            adoptsForeignUnit: try AdoptionPolicy(wire: wire.adoption, "adoption"),
            isCatchUp: wire.catchUp
        )
    }

    var wire: WirePrepareOrder {
        .with {
            $0.order = Data(order)
            $0.release = Data(release)
            $0.provenance = provenance.map { Data($0) }
            $0.approvals = approvals.map { Data($0) }
            $0.adoption = adoptsForeignUnit.wire
            $0.catchUp = isCatchUp
        }
    }
}

extension AdoptionPolicy {
    init(wire: WireAdoption, _ field: String) throws(ProtocolError) {
        switch wire {
        case .refuse: self = .refuse
        case .adopt: self = .adopt
        case .unspecified: throw .missing(field)
        case .UNRECOGNIZED(let number): throw .invalid(field, "is \(number), which this version does not know")
        }
    }

    var wire: WireAdoption {
        switch self {
        case .refuse: .refuse
        case .adopt: .adopt
        }
    }
}

extension ActivateOrder: WireConvertible {
    init(wire: WireActivateOrder) throws(ProtocolError) {
        self.init(
            release: try .required(wire.release, if: wire.hasRelease, "release"),
            purpose: try Purpose(wire: wire.purpose, "purpose"),
            activateWithin: try Field.span(wire.activateWithinMs, if: wire.hasActivateWithinMs, "activate_within_ms"),
            commitWithin: try Field.span(wire.commitWithinMs, if: wire.hasCommitWithinMs, "commit_within_ms"),
            onCommitMissing: try CommitMissingPolicy(wire: wire.onCommitMissing, "on_commit_missing"),
            drift: wire.repairDrift ? .repair : nil,
            traffic: try wire.hasTraffic ? .inside("traffic", wire.traffic) : nil
        )
    }

    var wire: WireActivateOrder {
        .with {
            $0.release = release.wire
            $0.purpose = purpose.wire
            $0.activateWithinMs = activateWithin.milliseconds
            $0.commitWithinMs = commitWithin.milliseconds
            if let onCommitMissing { $0.onCommitMissing = onCommitMissing.wire }
            $0.repairDrift = drift == .repair
            if let traffic { $0.traffic = traffic.wire }
        }
    }
}

extension CommitMissingPolicy {
    /// Nil where the order says nothing.
    fileprivate init?(wire: WireCommitMissing, _ field: String) throws(ProtocolError) {
        switch wire {
        case .revert: self = .revert
        case .keep: self = .keep
        case .unspecified: return nil
        case .UNRECOGNIZED(let number): throw .invalid(field, "is \(number), which this version does not know")
        }
    }

    fileprivate var wire: WireCommitMissing {
        switch self {
        case .revert: .revert
        case .keep: .keep
        }
    }
}
