import FoundationEssentials
import Model
import SwiftProtobuf

extension TransferEncoding: WireConvertible {
    init(wire: WireEncoding) throws(ProtocolError) {
        switch wire.kind {
        case .identity: self = .identity
        case .zstd: self = .zstd
        case .zstdPatch(let patch): self = .zstdPatch(base: try Field.digest(patch.base, "zstd_patch.base"))
        case nil: throw .missing("kind")
        }
    }

    var wire: WireEncoding {
        switch self {
        case .identity: .with { $0.identity = WireIdentity() }
        case .zstd: .with { $0.zstd = WireZstd() }
        case .zstdPatch(let base): .with { $0.zstdPatch = .with { $0.base = Data(base.bytes) } }
        }
    }
}

extension ArtifactOffer {
    init(wire: WirePushArtifact) throws(ProtocolError) {
        self.init(
            digest: try Field.digest(wire.digest, "digest"),
            size: try Field.size(wire.size, if: wire.hasSize, "size"),
            encoding: try .required(wire.encoding, if: wire.hasEncoding, "encoding")
        )
    }

    func wire(on stream: StreamID) -> WirePushArtifact {
        .with {
            $0.digest = Data(digest.bytes)
            $0.size = size.bytes
            $0.encoding = encoding.wire
            $0.stream = stream.number
        }
    }
}

extension ArtifactState: WireConvertible {
    init(wire: WireArtifactState) throws(ProtocolError) {
        switch wire.state {
        case .absent: self = .absent
        case .present: self = .present
        case .stored: self = .stored
        case .unspecified: throw .missing("state")
        case .UNRECOGNIZED(let number): throw .invalid("state", "is \(number), which this version does not know")
        }
    }

    var wire: WireArtifactState {
        switch self {
        case .absent: .with { $0.state = .absent }
        case .present: .with { $0.state = .present }
        case .stored: .with { $0.state = .stored }
        }
    }
}

extension BulkToken {
    init(wire: Data, _ field: String) throws(ProtocolError) {
        guard !wire.isEmpty else { throw .missing(field) }
        guard let token = Self(bytes: [UInt8](wire)) else {
            throw .invalid(field, "has \(wire.count) bytes, expected \(Self.byteCount)")
        }
        self = token
    }
}
