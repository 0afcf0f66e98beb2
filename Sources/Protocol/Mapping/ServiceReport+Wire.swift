import FoundationEssentials
import Model
import SwiftProtobuf

extension ServiceReport: WireConvertible {
    init(wire: WireServiceReport) throws(ProtocolError) {
        self.init(
            service: try Field.name(wire.service, "service"),
            environment: try Field.name(wire.environment, "environment"),
            current: try .optional(wire.current, if: wire.hasCurrent, "current"),
            previous: try .optional(wire.previous, if: wire.hasPrevious, "previous"),
            health: try .required(wire.health, if: wire.hasHealth, "health"),
            unit: try .optional(wire.unit, if: wire.hasUnit, "unit"),
            checks: try CheckResult.list(wire.checks, "checks"),
            operation: try .optional(wire.operation, if: wire.hasOperation, "operation"),
            claim: try .optional(wire.claim, if: wire.hasClaim, "claim"),
            held: wire.hasHeld ? wire.held : nil,
            isDrained: wire.isDrained,
            drift: wire.drift,
            overrides: wire.overrides,
            expected: try .optional(wire.expected, if: wire.hasExpected, "expected")
        )
    }

    var wire: WireServiceReport {
        .with {
            $0.service = service.text
            $0.environment = environment.text
            if let current { $0.current = current.wire }
            if let previous { $0.previous = previous.wire }
            $0.health = health.wire
            if let unit { $0.unit = unit.wire }
            $0.checks = checks.map(\.wire)
            if let operation { $0.operation = operation.wire }
            if let claim { $0.claim = claim.wire }
            if let held { $0.held = held }
            $0.isDrained = isDrained
            $0.drift = drift
            $0.overrides = overrides ?? []
            if let expected { $0.expected = expected.wire }
        }
    }
}

extension InstalledRelease: WireConvertible {
    init(wire: WireInstalledRelease) throws(ProtocolError) {
        self.init(
            id: try .required(wire.id, if: wire.hasID, "id"),
            artifact: try Field.digest(wire.artifact, "artifact"),
            source: try .optional(wire.source, if: wire.hasSource, "source"),
            since: wire.hasSinceMs ? try Field.time(wire.sinceMs, if: true, "since_ms") : nil,
            isConfirmed: wire.isConfirmed,
            breakGlass: try .optional(wire.breakGlass, if: wire.hasBreakGlass, "break_glass")
        )
    }

    var wire: WireInstalledRelease {
        .with {
            $0.id = id.wire
            $0.artifact = Data(artifact.bytes)
            if let source { $0.source = source.wire }
            if let since { $0.sinceMs = since.milliseconds }
            $0.isConfirmed = isConfirmed
            if let breakGlass { $0.breakGlass = breakGlass.wire }
        }
    }
}

extension BreakGlass: WireConvertible {
    init(wire: WireBreakGlass) throws(ProtocolError) {
        self.init(by: try Field.text(wire.by, "by"), reason: wire.hasReason ? wire.reason : nil)
    }

    var wire: WireBreakGlass {
        .with {
            $0.by = by
            if let reason { $0.reason = reason }
        }
    }
}

extension Health: WireConvertible {
    init(wire: WireHealth) throws(ProtocolError) {
        switch wire.state {
        case .healthy: self = .healthy
        case .unhealthy(let unhealthy): self = .unhealthy(reason: unhealthy.reason)
        case .unknown: self = .unknown
        case nil: throw .missing("state")
        }
    }

    var wire: WireHealth {
        switch self {
        case .healthy: .with { $0.healthy = WireHealthy() }
        case .unhealthy(let reason): .with { $0.unhealthy = .with { $0.reason = reason } }
        case .unknown: .with { $0.unknown = WireUnknownHealth() }
        }
    }
}
