import FoundationEssentials
import Model
import SwiftProtobuf

extension ReleaseID: WireConvertible {
    init(wire: WireReleaseID) throws(ProtocolError) {
        self.init(version: try Field.name(wire.version, "version"), digest: try Field.digest(wire.digest, "digest"))
    }

    var wire: WireReleaseID {
        .with {
            $0.version = version.text
            $0.digest = Data(digest.bytes)
        }
    }
}

extension RolloutID: WireConvertible {
    init(wire: WireRolloutID) throws(ProtocolError) {
        let number = try Field.number(wire.number, "number")
        guard number > 0 else { throw .missing("number") }
        self.init(ledger: try Field.name(wire.ledger, "ledger"), number: Int(number))
    }

    var wire: WireRolloutID {
        .with {
            $0.ledger = ledger.text
            $0.number = Int64(number)
        }
    }
}

extension RequestID: WireConvertible {
    init(wire: WireRequestID) throws(ProtocolError) {
        self.init(
            rollout: try .required(wire.rollout, if: wire.hasRollout, "rollout"),
            epoch: try Field.epoch(wire.epoch, if: wire.hasEpoch, "epoch"),
            sequence: try Field.number(wire.sequence, if: wire.hasSequence, "sequence")
        )
    }

    var wire: WireRequestID {
        .with {
            $0.rollout = rollout.wire
            $0.epoch = epoch.number
            $0.sequence = sequence
        }
    }
}

extension Claim: WireConvertible {
    init(wire: WireClaim) throws(ProtocolError) {
        self.init(
            service: try Field.name(wire.service, "service"),
            environment: try Field.name(wire.environment, "environment"),
            rollout: try .required(wire.rollout, if: wire.hasRollout, "rollout"),
            epoch: try Field.epoch(wire.epoch, if: wire.hasEpoch, "epoch"),
            holder: try Field.text(wire.holder, "holder"),
            since: try Field.time(wire.sinceMs, if: wire.hasSinceMs, "since_ms")
        )
    }

    var wire: WireClaim {
        .with {
            $0.service = service.text
            $0.environment = environment.text
            $0.rollout = rollout.wire
            $0.epoch = epoch.number
            $0.holder = holder
            $0.sinceMs = since.milliseconds
        }
    }
}

extension SourceRevision: WireConvertible {
    init(wire: WireSourceRevision) throws(ProtocolError) {
        self.init(
            repository: try Field.text(wire.repository, "repository"),
            revision: try Field.text(wire.revision, "revision"),
            authors: wire.authors
        )
    }

    var wire: WireSourceRevision {
        .with {
            $0.repository = repository
            $0.revision = revision
            $0.authors = authors
        }
    }
}
