package import Model

/// Whether an artifact may run here: enough trusted builders must say where it comes from, and say the same.
package struct ProvenancePolicy: Hashable, Sendable {
    package let trust: BuilderTrust
    /// Distinct keys that must vouch for an artifact.
    package let threshold: Int

    package init(trust: BuilderTrust, threshold: Int = 1) {
        precondition(threshold > 0, "a threshold of 0 would believe anything")
        self.trust = trust
        self.threshold = threshold
    }

    /// Checks the envelopes that travel with an artifact.
    ///
    /// An envelope that fails takes nothing away from one that holds: whoever can add envelopes can't add trust, and
    /// must not be able to take it away.
    ///
    /// - Parameters:
    ///   - envelopes: DSSE envelopes, as the exact bytes that arrived.
    ///   - artifact: SHA-256 of the bytes at hand, computed here and not taken from anyone's word.
    ///   - destination: What it shall run for; without one, builders are asked whatever they may vouch for.
    /// - Returns: what the first of the agreeing envelopes says, with all keys that vouch for it.
    /// - Throws: `TrustError` for the rule that came nearest to holding.
    package func verify(
        envelopes: [[UInt8]],
        artifact: Digest,
        for destination: Destination? = nil
    ) throws(TrustError) -> VerifiedProvenance {
        guard !trust.builders.isEmpty else {
            throw TrustError(
                .unknownKey,
                "provenance",
                "can't be believed: this host trusts no builder; add one to /etc/fleet/trust/builders"
            )
        }
        var failure = TrustError(
            .unsigned,
            "artifact \(artifact.short)",
            "has no provenance: build it in CI, or sign it with 'fleet artifact sign'"
        )
        var accepted: [VerifiedProvenance] = []
        for envelope in envelopes {
            do throws(TrustError) {
                accepted.append(try check(envelope, artifact, destination))
            } catch  where Self.rank(error) >= Self.rank(failure) {
                failure = error
            } catch {}  // a failure that says less than the one at hand
        }
        guard let first = accepted.first else { throw failure }
        let verdicts = accepted.map { agreement(with: $0, in: accepted) }
        if let verdict = verdicts.first(where: { $0.keys.count >= threshold }) { return verdict }
        throw TrustError(
            .belowThreshold,
            "artifact \(artifact.short)",
            "is vouched for by \(agreement(with: first, in: accepted).keys.count) of the \(threshold) distinct trusted keys "
                + "that this host's policy demands: let another builder sign the same source"
        )
    }

    /// `provenance` with the keys of all that say the same source.
    private func agreement(
        with provenance: VerifiedProvenance,
        in accepted: [VerifiedProvenance]
    ) -> VerifiedProvenance {
        let same = accepted.filter { $0.provenance.source == provenance.provenance.source }
        var seen: Set<Digest> = []
        let keys = same.flatMap(\.keys).filter { seen.insert($0.id).inserted }
        return VerifiedProvenance(provenance: provenance.provenance, keys: keys)
    }

    private func check(
        _ bytes: [UInt8],
        _ artifact: Digest,
        _ destination: Destination?
    ) throws(TrustError) -> VerifiedProvenance {
        let envelope = try DSSEEnvelope(json: bytes)
        let payload = try envelope.verify(with: trust.builders.map(\.key))
        let provenance = try Provenance(payload, of: artifact)
        let signed = trust.builders.filter { entry in payload.signers.contains { $0.id == entry.key.id } }
        let named = signed.filter { $0.builder == provenance.builder }
        guard !named.isEmpty else {
            let allowed = signed.map { "'\($0.builder)'" }.joined(separator: " or ")
            throw TrustError(
                .wrongBuilder,
                "artifact \(artifact.short)",
                "its provenance names builder '\(provenance.builder)', but its key may speak for \(allowed) only"
            )
        }
        let vouching = named.filter { $0.source == nil || $0.source == provenance.source?.repository }
        guard !vouching.isEmpty else {
            let allowed = named.compactMap { $0.source.map { "'\($0)'" } }.joined(separator: " or ")
            throw TrustError(
                .wrongSource,
                "artifact \(artifact.short)",
                "was built from '\(provenance.source?.repository ?? "an unnamed source")'; its builder is trusted for "
                    + "\(allowed) only"
            )
        }
        let entitled = vouching.filter { $0.mayVouch(for: destination) }
        guard !entitled.isEmpty else {
            let allowed = vouching.map(\.extent).joined(separator: " or ")
            throw TrustError(
                .wrongDestination,
                "artifact \(artifact.short)",
                "is for \(destination.map { "\($0)" } ?? ""), but its builder may vouch for \(allowed) only"
            )
        }
        var seen: Set<Digest> = []
        let keys = entitled.map(\.key).filter { seen.insert($0.id).inserted }
        return VerifiedProvenance(provenance: provenance, keys: keys)
    }

    /// How far a check came before it failed; the farthest tells an operator most.
    private static func rank(_ error: TrustError) -> Int {
        switch error.code {
        case .wrongDestination: 7
        case .wrongSource: 6
        case .wrongBuilder: 5
        case .otherArtifact: 4
        case .statementInvalid, .statementUnsupported: 3
        case .unknownKey: 2
        case .envelopeInvalid: 1
        case .auditProofInvalid, .belowThreshold, .buildersInvalid, .checkpointInvalid, .cryptoFailed, .fileUnreadable,
            .fileUnwritable, .jsonInvalid, .jsonNotCanonical, .keyInvalid, .notApproved, .policyInvalid,
            .signatureInvalid, .signerRefused, .signersInvalid, .unsigned:
            0
        }
    }
}
