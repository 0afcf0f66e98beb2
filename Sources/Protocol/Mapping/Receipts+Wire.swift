import FoundationEssentials
import Model
import SwiftProtobuf

extension ReceiptHead: WireConvertible {
    init(wire: WireReceiptHead) throws(ProtocolError) {
        self.init(
            sequence: try Field.number(wire.sequence, if: wire.hasSequence, "sequence"),
            digest: wire.digest.isEmpty ? nil : try Field.digest(wire.digest, "digest")
        )
        guard (sequence == 0) == (digest == nil) else {
            throw .invalid("digest", "belongs to a receipt, and there is none of number 0")
        }
    }

    var wire: WireReceiptHead {
        .with {
            $0.sequence = sequence
            if let digest { $0.digest = Data(digest.bytes) }
        }
    }
}

extension ReceiptBatch.Entry: WireConvertible {
    init(wire: WireSignedReceipt) throws(ProtocolError) {
        self.init(
            statement: try Field.bytes(wire.statement, "statement"),
            signature: try Field.bytes(wire.signature, "signature")
        )
    }

    var wire: WireSignedReceipt {
        .with {
            $0.statement = Data(statement)
            $0.signature = Data(signature)
        }
    }
}

extension ReceiptBatch: WireConvertible {
    init(wire: WireReceipts) throws(ProtocolError) {
        guard wire.receipts.count <= Self.most else {
            throw .invalid("receipts", "are \(wire.receipts.count), at most \(Self.most) are allowed")
        }
        self.init(
            entries: try Entry.list(wire.receipts, "receipts"),
            chain: try Field.bytes(wire.chain, "chain")
        )
    }

    var wire: WireReceipts {
        .with {
            $0.receipts = entries.map(\.wire)
            $0.chain = Data(chain)
        }
    }
}
