import COpenSSL
import Model

/// A signed, numbered list of the certificates that are believed no more (RFC 5280, section 5), with its signer.
///
/// It travels as PEM: the list, then the intermediate that signed it. A list counts for every certificate of the fleet,
/// whichever intermediate has signed that, and for intermediates too: serials are random and never given twice. It does not
/// expire: lists are handed out, not fetched, so an old one says nothing but the truth, and a fleet whose authority is
/// away must not lock itself out.
package struct RevocationList: Sendable {
    /// Counts from 1.
    package let number: Int64
    package let entries: [Revocation]
    /// What travels and is stored.
    package let pem: [UInt8]
    let signer: Certificate
    private let serials: Set<String>

    /// No list of a fleet comes near this.
    package static let largest = 512 << 10

    /// Reads a list and verifies that an intermediate of one of the roots has signed it.
    ///
    /// - Throws: `TLSError` with `revocationsInvalid`.
    package init(pem: [UInt8], trust: TrustAnchors, source: String = "revocation list") throws(TLSError) {
        guard pem.count <= Self.largest, let pointer = try PEM.read(pem, { PEM_read_bio_X509_CRL($0, nil, nil, nil) })
        else {
            throw Self.refused(source, "holds no readable PEM revocation list below 512 KiB")
        }
        let list = CertificateRevocations(owning: pointer)
        let chain = try Certificate.chain(pem: pem, source: source)
        signer = chain[0]
        guard signer.signsRevocations, trust.vouch(for: signer, at: nil) else {
            throw Self.refused(source, "comes with \(signer.subject), which is no intermediate of this fleet's root")
        }
        guard list.isSigned(by: signer) else { throw Self.refused(source, "is not signed by \(signer.subject)") }
        guard let number = list.number, number > 0 else { throw Self.refused(source, "has no number") }
        self.number = number
        self.pem = pem
        entries = list.entries
        serials = Set(entries.map(\.serial))
    }

    package func contains(serial: String) -> Bool { serials.contains(serial) }

    func contains(_ certificate: Certificate) -> Bool { serials.contains(certificate.serial) }

    /// Whether this list takes the place of `other`.
    ///
    /// The newer intermediate's counts, and of one intermediate the higher number: a stolen intermediate can so not keep its
    /// successor's list away.
    package func isNewer(than other: Self) -> Bool {
        (signer.notBefore.milliseconds, number) > (other.signer.notBefore.milliseconds, other.number)
    }

    /// The list to go by once this one was offered to somebody who goes by `known`.
    ///
    /// - Throws: `TLSError` with `revocationsOlder`, or `revocationsInvalid` if its signer was revoked itself.
    package func succeeding(_ known: Self?) throws(TLSError) -> Self {
        guard let known, known.pem != pem else { return self }
        guard !known.contains(signer) else {
            throw Self.refused("revocation list \(number)", "is signed by \(signer.subject), which was revoked itself")
        }
        guard isNewer(than: known) else {
            throw TLSError(
                .revocationsOlder,
                "revocation list \(number)",
                advice: "is older than list \(known.number), which is in force here; nothing is taken back from it"
            )
        }
        return self
    }

    private static func refused(_ source: String, _ advice: String) -> TLSError {
        TLSError(.revocationsInvalid, source, advice: advice, stack: ErrorStack.take().texts)
    }
}
