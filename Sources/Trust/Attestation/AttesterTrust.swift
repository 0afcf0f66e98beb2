import Glibc
package import Model

/// The attesters that a host believes: `/etc/fleet/trust/attesters/NAME.json`, one file each.
package struct AttesterTrust: Hashable, Sendable {
    package let attesters: [TrustedAttester]

    package init(_ attesters: [TrustedAttester]) { self.attesters = attesters }

    /// Reads every `*.json` of a directory; without the directory nobody is believed.
    ///
    /// - Throws: `TrustError` for what can't be read, is malformed, or could be changed by other users.
    package static func load(directory: String) throws(TrustError) -> Self {
        var status = stat()
        if lstat(directory, &status) != 0, errno == ENOENT { return Self([]) }
        var attesters: [TrustedAttester] = []
        for file in try TrustDirectory.files(in: directory, .attestersInvalid) {
            attesters.append(try TrustedAttester(json: file.bytes, name: file.path))
        }
        return Self(attesters)
    }

    /// All that these attesters say of an artifact, whatever a policy demands, and why the rest does not count.
    package func hear(
        _ envelopes: [[UInt8]],
        with provenance: Provenance,
        at now: WallTime? = nil
    ) -> (accepted: [VerifiedAttestation], reasons: [String]) {
        let heard = AttestationKind.allCases.map { kind in
            let demand = AttestationDemand(kind)
            return AttestationWitness(
                demand: demand,
                attesters: attesters,
                provenance: provenance,
                destination: nil,
                now: now
            ).hear(envelopes)
        }
        return (heard.flatMap(\.accepted), heard.flatMap(\.reasons))
    }
}
