import FoundationEssentials
import Model
import SwiftProtobuf

extension LedgerHistory: WireConvertible {
    /// A tree of 2^63 records has no longer proof.
    private static let longestProof = 128

    init(wire: WireLedgerHistory) throws(ProtocolError) {
        guard wire.proof.count <= Self.longestProof else {
            throw .invalid("proof", "has \(wire.proof.count) hashes, at most \(Self.longestProof) are allowed")
        }
        var proof: [Digest] = []
        for hash in wire.proof { proof.append(try Field.digest(hash, "proof")) }
        self.init(
            checkpoint: try Field.bytes(wire.checkpoint, "checkpoint"),
            since: try Field.number(wire.since, if: wire.hasSince, "since"),
            proof: proof,
            purpose: try Purpose(wire: wire.purpose, "purpose")
        )
    }

    var wire: WireLedgerHistory {
        .with {
            $0.checkpoint = Data(checkpoint)
            $0.since = since
            $0.proof = proof.map { Data($0.bytes) }
            $0.purpose = purpose.wire
        }
    }
}

extension LedgerWord: WireConvertible {
    init(wire: WireLedgerWord) throws(ProtocolError) {
        self.init(
            statement: try Field.bytes(wire.statement, "statement"),
            signature: try Field.bytes(wire.signature, "signature")
        )
    }

    var wire: WireLedgerWord {
        .with {
            $0.statement = Data(statement)
            $0.signature = Data(signature)
        }
    }
}
