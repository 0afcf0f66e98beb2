package import Model
package import TLS
internal import Trust

/// Whether a host has signed what is said to be its receipts; nothing but the authority's root is believed.
package struct ReceiptCheck: Sendable {
    private let fleet: FleetName
    private let anchors: TrustAnchors
    private let revocations: RevocationList?
    /// Chains that were checked, and between which times: what holds at both holds in between.
    private var known: [Subject: Span] = [:]

    private struct Subject: Hashable {
        let host: HostID
        let chain: [UInt8]
    }

    private struct Span {
        let key: VerificationKey
        var times: ClosedRange<WallTime>
    }

    package init(fleet: FleetName, anchors: TrustAnchors, revocations: RevocationList? = nil) {
        self.fleet = fleet
        self.anchors = anchors
        self.revocations = revocations
    }

    /// The receipts of an answer that came from `host`.
    ///
    /// - Throws: `TLSError` for a certificate that is not this host's, `TrustError` for a signature of another key or on other
    ///   bytes, and for a receipt that speaks of another host.
    package mutating func verify(
        _ batch: ReceiptBatch,
        of host: HostID,
        at now: WallTime
    ) throws -> [VerifiedReceipt] {
        try batch.entries.map { try verify($0, chain: batch.chain, of: host, at: now) }
    }

    /// One receipt that was signed with a key that was valid at this time.
    package mutating func verify(
        _ entry: ReceiptBatch.Entry,
        chain: [UInt8],
        of host: HostID,
        at now: WallTime
    ) throws -> VerifiedReceipt {
        let key = try key(in: chain, of: host, at: now)
        let receipt = try ReceiptEnvelope.verify(entry, by: key)
        guard receipt.host == host else {
            throw TrustError(.signatureInvalid, "receipt", "is about \(receipt.host), and \(host) has signed it")
        }
        return VerifiedReceipt(receipt, digest: SHA256.digest(of: entry.statement), entry: entry, chain: chain)
    }

    private mutating func key(in pem: [UInt8], of host: HostID, at now: WallTime) throws -> VerificationKey {
        let subject = Subject(host: host, chain: pem)
        if let span = known[subject], span.times.contains(now) { return span.key }
        let chain = try CertificateChain(pem: pem, source: "certificate of a receipt")
        let peer = try PeerIdentity(fleet: fleet.text, role: .agent, name: host.text)
        let found = try chain.publicKey(of: peer, trust: anchors, revocations: revocations, at: now)
        let key = try VerificationKey(pem: found, name: "key of \(host)")
        let times = known[subject]?.times ?? now...now
        known[subject] = Span(key: key, times: min(times.lowerBound, now)...max(times.upperBound, now))
        return key
    }
}
