import Model

/// Hears what envelopes have to say on one demand.
struct AttestationWitness {
    let demand: AttestationDemand
    let attesters: [TrustedAttester]
    let provenance: Provenance
    let destination: Destination?
    let now: WallTime?

    /// What counts for the demand, and why the rest does not.
    func hear(_ envelopes: [[UInt8]]) -> (accepted: [VerifiedAttestation], reasons: [String]) {
        var accepted: [VerifiedAttestation] = []
        var reasons: [String] = []
        for bytes in envelopes {
            do throws(TrustError) {
                guard let heard = try check(bytes) else { continue }
                accepted.append(heard)
            } catch {
                reasons.append("\(error.subject) \(error.advice)")
            }
        }
        return (accepted, reasons)
    }

    /// What one envelope says, or nil if it speaks of other things.
    private func check(_ bytes: [UInt8]) throws(TrustError) -> VerifiedAttestation? {
        // A broken envelope may have been any of the kinds; whoever demands provenance reports it.
        guard let envelope = try? DSSEEnvelope(json: bytes),
            AttestationKind.claimed(in: envelope.payload) == demand.kind
        else { return nil }
        let asked = attesters.filter { $0.kinds.contains(demand.kind) && isNamed($0) }
        let payload = try envelope.verify(with: asked.map(\.key))
        let attestation = try Attestation(payload, demand.kind, of: provenance.artifact)
        let signed = asked.filter { entry in payload.signers.contains { $0.id == entry.key.id } }
        let entitled = signed.filter { $0.extent.covers(destination) }
        guard !entitled.isEmpty else {
            let allowed = signed.map(\.extent.words).joined(separator: " or ")
            throw refusal("is by '\(signed[0].attester)', who may speak of \(allowed) only")
        }
        let current = entitled.filter { !$0.extent.hasEnded(at: now) }
        guard !current.isEmpty else {
            let ends = entitled[0].extent.expires.map { " \($0)" } ?? ""
            throw refusal("is by '\(entitled[0].attester)', whom this host believed until\(ends)")
        }
        return try judge(attestation, by: current)
    }

    private func isNamed(_ attester: TrustedAttester) -> Bool {
        demand.attesters.isEmpty || demand.attesters.contains { $0.isExactly(attester.attester) }
    }

    private func judge(
        _ attestation: Attestation,
        by signers: [TrustedAttester]
    ) throws(TrustError) -> VerifiedAttestation {
        switch attestation {
        case .testResult(let result):
            if let shortcoming = result.shortcoming { throw refusal("by '\(signers[0].attester)' \(shortcoming)") }
            // One key is one voice, in however many files it stands.
            return VerifiedAttestation(
                attestation: attestation,
                attester: signers[0].attester,
                key: signers[0].key,
                voices: Array(Set(signers.map(\.key.id.hex)))
            )
        case .review(let review): return try judge(review, attestation, by: signers)
        }
    }

    private func judge(
        _ review: Review,
        _ attestation: Attestation,
        by signers: [TrustedAttester]
    ) throws(TrustError) -> VerifiedAttestation {
        guard review.verdict == .pass else { throw refusal("by '\(signers[0].attester)' says fail, expected pass") }
        let authors = Set((provenance.source?.authors ?? []).map { $0.lowercased() })
        guard !authors.isEmpty else {
            throw refusal(
                "can't count: the provenance names no authors, so nobody knows whether the reviewer is another; sign it "
                    + "with --checkout or --author"
            )
        }
        var people: Set<String> = []
        var counted: TrustedAttester?
        for signer in signers {
            let named = review.reviewers.filter { signer.reviewers == .any || $0.isExactly(signer.attester) }
            if !named.isEmpty { counted = counted ?? signer }
            people.formUnion(named.map { $0.lowercased() })
        }
        guard let counted else {
            let names = review.reviewers.joined(separator: ", ")
            throw refusal("names \(names), but is signed by '\(signers[0].attester)'")
        }
        let others = people.subtracting(authors)
        guard !others.isEmpty else {
            throw refusal("is by \(people.sorted().joined(separator: ", ")), who wrote the source too")
        }
        return VerifiedAttestation(
            attestation: attestation,
            attester: counted.attester,
            key: counted.key,
            voices: others.sorted()
        )
    }

    private func refusal(_ advice: String) -> TrustError { TrustError(.notAttested, demand.kind.rawValue, advice) }
}
