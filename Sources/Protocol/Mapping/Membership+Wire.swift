import Model
import SwiftProtobuf

extension Membership: WireConvertible {
    init(wire: WireMembership) throws(ProtocolError) {
        self.init(
            serial: try Field.text(wire.serial, "serial"),
            certificate: Validity(
                notBefore: try Field.time(
                    wire.certificateSinceMs,
                    if: wire.hasCertificateSinceMs,
                    "certificate_since_ms"
                ),
                notAfter: try Field.time(
                    wire.certificateUntilMs,
                    if: wire.hasCertificateUntilMs,
                    "certificate_until_ms"
                )
            ),
            revocations: try Field.number(wire.revocationsNumber, "revocations_number")
        )
    }

    var wire: WireMembership {
        .with {
            $0.serial = serial
            $0.certificateSinceMs = certificate.notBefore.milliseconds
            $0.certificateUntilMs = certificate.notAfter.milliseconds
            $0.revocationsNumber = revocations
        }
    }
}
