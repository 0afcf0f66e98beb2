package import Model

/// Keys of which one signature stands for all approvals that are missing, in an emergency.
package struct BreakGlassPolicy: Hashable, Sendable {
    package let signers: AllowedSigners

    /// What such a signature is made for, so that nobody breaks the glass by an ordinary approval.
    package static let namespace = "fleet-break-glass"

    package init(signers: AllowedSigners) { self.signers = signers }

    /// Who has broken the glass over exactly these bytes; nil when no signature is one that does.
    package func breaker(among signatures: [[UInt8]], of order: [UInt8], at now: WallTime) -> String? {
        for armored in signatures {
            // One that does not count here may be an ordinary approval, which is judged elsewhere.
            guard let signature = try? SSHSignature(armored: armored),
                let person = try? signature.signer(
                    of: order,
                    for: Self.namespace,
                    among: signers,
                    at: now,
                    name: "break-glass signature"
                )
            else { continue }
            return person
        }
        return nil
    }
}
