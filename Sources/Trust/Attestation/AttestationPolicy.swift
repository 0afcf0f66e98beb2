package import Model

/// Whether enough is said of an artifact besides where it comes from.
package struct AttestationPolicy: Hashable, Sendable {
    package let trust: AttesterTrust
    package let demands: [AttestationDemand]

    package init(trust: AttesterTrust, demands: [AttestationDemand]) {
        self.trust = trust
        self.demands = demands
    }

    /// Checks the envelopes that travel with an artifact; those that are no attestations are none of its business.
    ///
    /// As with provenance, an attestation that does not count takes nothing away from those that do.
    ///
    /// - Parameters:
    ///   - envelopes: DSSE envelopes, as the exact bytes that arrived.
    ///   - provenance: What holds of the artifact already: its digest, and who wrote its source.
    ///   - destination: What it shall run for; without one, attesters are asked whatever they may speak of.
    ///   - now: Date and time; without it, nothing has expired.
    /// - Returns: Those that count, each once.
    /// - Throws: `TrustError.Code.notAttested` with the demand that is not met, and why each attestation did not count.
    package func verify(
        envelopes: [[UInt8]],
        with provenance: Provenance,
        for destination: Destination? = nil,
        at now: WallTime? = nil
    ) throws(TrustError) -> [VerifiedAttestation] {
        var counted: [VerifiedAttestation] = []
        for demand in demands {
            let witness = AttestationWitness(
                demand: demand,
                attesters: trust.attesters,
                provenance: provenance,
                destination: destination,
                now: now
            )
            let hearing = witness.hear(envelopes)
            let voices = Set(hearing.accepted.flatMap(\.voices)).count
            guard voices >= demand.count else {
                throw Self.refusal(demand, of: provenance, voices: voices, reasons: hearing.reasons)
            }
            counted += hearing.accepted.filter { !counted.contains($0) }
        }
        return counted
    }

    private static func refusal(
        _ demand: AttestationDemand,
        of provenance: Provenance,
        voices: Int,
        reasons: [String]
    ) -> TrustError {
        let by = demand.attesters.isEmpty ? "" : " by \(demand.attesters.joined(separator: " or "))"
        let what =
            switch demand.kind {
            case .testResult: "passed test results"
            case .review: "reviews by others than its authors"
            }
        let why =
            reasons.isEmpty
            ? "add one with 'fleet artifact attest --type \(demand.kind)'"
            : "not counted: \(reasons.joined(separator: "; "))"
        return TrustError(
            .notAttested,
            "artifact \(provenance.artifact.short)",
            "has \(voices) of the \(demand.count) \(what)\(by) that this host's policy demands; \(why)"
        )
    }
}
