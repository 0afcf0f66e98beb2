import Model
import SwiftProtobuf

extension HostReport: WireConvertible {
    init(wire: WireHostReport) throws(ProtocolError) {
        self.init(
            host: try Field.name(wire.host, "host"),
            bootID: try Field.text(wire.bootID, "boot_id"),
            agentVersion: try Field.text(wire.agentVersion, "agent_version"),
            at: try Field.time(wire.atMs, if: wire.hasAtMs, "at_ms"),
            freeDisk: try Field.size(wire.freeDisk, if: wire.hasFreeDisk, "free_disk"),
            services: try ServiceReport.list(wire.services, "services"),
            ledgerRefusal: wire.hasLedgerRefusal ? wire.ledgerRefusal : nil,
            receipts: try .optional(wire.receipts, if: wire.hasReceipts, "receipts")
        )
    }

    var wire: WireHostReport {
        .with {
            $0.host = host.text
            $0.bootID = bootID
            $0.agentVersion = agentVersion
            $0.atMs = at.milliseconds
            $0.freeDisk = freeDisk.bytes
            $0.services = services.map(\.wire)
            if let ledgerRefusal { $0.ledgerRefusal = ledgerRefusal }
            if let receipts { $0.receipts = receipts.wire }
        }
    }
}

extension NumberedReport: WireConvertible {
    init(wire: WireNumberedReport) throws(ProtocolError) {
        self.init(
            sequence: try Field.number(wire.sequence, "sequence"),
            report: try .required(wire.report, if: wire.hasReport, "report")
        )
    }

    var wire: WireNumberedReport {
        .with {
            $0.sequence = sequence
            $0.report = report.wire
        }
    }
}
