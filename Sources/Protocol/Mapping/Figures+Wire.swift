import Model
import SwiftProtobuf

extension UnitFigures: WireConvertible {
    init(wire: WireUnitFigures) throws(ProtocolError) {
        self.init(
            unit: try Field.name(wire.unit, "unit"),
            invocation: wire.invocation,
            running: wire.hasRunningMs ? try Field.span(wire.runningMs, if: true, "running_ms") : nil,
            memory: wire.hasMemory ? try Field.size(wire.memory, if: true, "memory") : nil,
            processorTime: wire.hasCpuMs ? try Field.span(wire.cpuMs, if: true, "cpu_ms") : nil,
            errorLines: wire.hasErrorLines ? Int(try Field.number(wire.errorLines, "error_lines")) : nil
        )
    }

    var wire: WireUnitFigures {
        .with {
            $0.unit = unit.text
            $0.invocation = invocation
            if let running { $0.runningMs = running.milliseconds }
            if let memory { $0.memory = memory.bytes }
            if let processorTime { $0.cpuMs = processorTime.milliseconds }
            if let errorLines { $0.errorLines = Int64(errorLines) }
        }
    }
}
