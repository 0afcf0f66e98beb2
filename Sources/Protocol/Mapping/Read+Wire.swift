import Model
import SwiftProtobuf

extension HistoryQuery: WireConvertible {
    init(wire: WireReadHistory) throws(ProtocolError) {
        guard 1...Self.mostEntries ~= Int(wire.limit) else {
            throw .invalid("limit", "is \(wire.limit), expected 1 to \(Self.mostEntries)")
        }
        self.init(
            service: wire.service.isEmpty ? nil : try Field.name(wire.service, "service"),
            limit: Int(wire.limit)
        )
    }

    var wire: WireReadHistory {
        .with {
            $0.service = service?.text ?? ""
            $0.limit = UInt32(clamping: limit)
        }
    }
}

extension LogQuery: WireConvertible {
    init(wire: WireReadLogs) throws(ProtocolError) {
        guard 0...Self.mostPast ~= Int(wire.past) else {
            throw .invalid("past", "is \(wire.past), expected 0 to \(Self.mostPast)")
        }
        self.init(
            service: try Field.name(wire.service, "service"),
            past: Int(wire.past),
            end: wire.follow ? .never : .now
        )
    }

    var wire: WireReadLogs {
        .with {
            $0.service = service.text
            $0.past = UInt32(clamping: past)
            $0.follow = end == .never
        }
    }
}

extension LogLine: WireConvertible {
    init(wire: WireLogLine) throws(ProtocolError) {
        guard wire.priority <= 7 else { throw .invalid("priority", "is \(wire.priority), expected 0 to 7") }
        self.init(
            at: try Field.time(wire.atMs, if: wire.hasAtMs, "at_ms"),
            unit: wire.unit,
            priority: Int(wire.priority),
            text: wire.text
        )
    }

    var wire: WireLogLine {
        .with {
            $0.atMs = at.milliseconds
            $0.unit = unit
            $0.priority = UInt32(clamping: priority)
            $0.text = text
        }
    }
}
