import Model
import SwiftProtobuf

extension OperationReport: WireConvertible {
    init(wire: WireOperationReport) throws(ProtocolError) {
        self.init(
            origin: try .required(wire.origin, if: wire.hasOrigin, "origin"),
            purpose: try Purpose(wire: wire.purpose, "purpose"),
            target: try .required(wire.target, if: wire.hasTarget, "target"),
            predecessor: try .optional(wire.predecessor, if: wire.hasPredecessor, "predecessor"),
            phase: try Self.phase(wire),
            startedAt: try Field.time(wire.startedAtMs, if: wire.hasStartedAtMs, "started_at_ms"),
            failure: try .optional(wire.failure, if: wire.hasFailure, "failure"),
            awaitsIdle: wire.awaitsIdle ? true : nil
        )
    }

    private static func phase(_ wire: WireOperationReport) throws(ProtocolError) -> ActivationPhase {
        let phase = try ActivationPhase(wire: wire.phase, "phase")
        return phase == .awaitingCommit && wire.isKept ? .kept : phase
    }

    var wire: WireOperationReport {
        .with {
            $0.origin = origin.wire
            $0.purpose = purpose.wire
            $0.target = target.wire
            if let predecessor { $0.predecessor = predecessor.wire }
            $0.phase = phase.wire
            $0.isKept = phase == .kept
            $0.awaitsIdle = awaitsIdle ?? false
            $0.startedAtMs = startedAt.milliseconds
            if let failure { $0.failure = failure.wire }
        }
    }
}

extension Origin: WireConvertible {
    init(wire: WireOrigin) throws(ProtocolError) {
        switch wire.kind {
        case .rollout(let request): self = .rollout(try .inside("rollout", request))
        case .localUser(let user): self = .local(user: try Field.text(user, "local_user"))
        case nil: throw .missing("kind")
        }
    }

    var wire: WireOrigin {
        switch self {
        case .rollout(let request): .with { $0.rollout = request.wire }
        case .local(let user): .with { $0.localUser = user }
        }
    }
}

extension HistoryEntry: WireConvertible {
    init(wire: WireHistoryEntry) throws(ProtocolError) {
        self.init(
            service: try Field.name(wire.service, "service"),
            environment: try Field.name(wire.environment, "environment"),
            operation: try .required(wire.operation, if: wire.hasOperation, "operation"),
            endedAt: try Field.time(wire.endedAtMs, if: wire.hasEndedAtMs, "ended_at_ms")
        )
    }

    var wire: WireHistoryEntry {
        .with {
            $0.service = service.text
            $0.environment = environment.text
            $0.operation = operation.wire
            $0.endedAtMs = endedAt.milliseconds
        }
    }
}
