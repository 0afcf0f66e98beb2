import Model
import SwiftProtobuf

extension UnitState: WireConvertible {
    init(wire: WireUnitState) throws(ProtocolError) {
        self.init(
            unit: try Field.name(wire.unit, "unit"),
            active: wire.active,
            sub: wire.sub,
            result: wire.result,
            restarts: Int(try Field.number(wire.restarts, "restarts")),
            mainPID: Int(try Field.number(wire.mainPid, "main_pid")),
            invocation: wire.invocation,
            since: wire.hasSinceMs ? try Field.time(wire.sinceMs, if: true, "since_ms") : nil
        )
    }

    var wire: WireUnitState {
        .with {
            $0.unit = unit.text
            $0.active = active
            $0.sub = sub
            $0.result = result
            $0.restarts = Int64(restarts)
            $0.mainPid = Int64(mainPID)
            $0.invocation = invocation
            if let since { $0.sinceMs = since.milliseconds }
        }
    }
}

extension CheckResult: WireConvertible {
    init(wire: WireCheckResult) throws(ProtocolError) {
        self.init(
            label: try Field.text(wire.label, "label"),
            failure: wire.hasFailure ? wire.failure : nil,
            took: try Field.span(wire.tookMs, if: wire.hasTookMs, "took_ms"),
            at: try Field.time(wire.atMs, if: wire.hasAtMs, "at_ms")
        )
    }

    var wire: WireCheckResult {
        .with {
            $0.label = label
            if let failure { $0.failure = failure }
            $0.tookMs = took.milliseconds
            $0.atMs = at.milliseconds
        }
    }
}
