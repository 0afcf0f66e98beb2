import FoundationEssentials
import Model
import SwiftProtobuf

extension TrustState: WireConvertible {
    init(wire: WireTrustState) throws(ProtocolError) {
        self.init(
            version: Int(try Field.number(wire.version, if: wire.hasVersion, "version")),
            digest: try Field.digest(wire.digest, "digest"),
            expires: wire.hasExpiresMs ? try Field.time(wire.expiresMs, if: true, "expires_ms") : nil
        )
    }

    var wire: WireTrustState {
        .with {
            $0.version = Int64(version)
            $0.digest = Data(digest.bytes)
            if let expires { $0.expiresMs = expires.milliseconds }
        }
    }
}
