package import Model

/// How many people must have approved an order, and who they may be; the host's own rule, never the requester's.
package struct ApprovalPolicy: Hashable, Sendable {
    package let signers: AllowedSigners
    /// Distinct people that are demanded.
    package let threshold: Int

    /// What approvals are signed for: `ssh-keygen -Y sign -n fleet-order`.
    package static let namespace = "fleet-order"

    package init(signers: AllowedSigners, threshold: Int) {
        self.signers = signers
        self.threshold = threshold
    }

    /// The people who have approved exactly these bytes, sorted.
    ///
    /// A signature that does not count takes nothing away from those that do. One person alone may not be `involved`: have
    /// asked for the rollout, or have written all of what it brings.
    ///
    /// - Throws: `TrustError.Code.notApproved` with why each signature did not count.
    package func verify(
        _ approvals: [[UInt8]],
        on order: [UInt8],
        involved: Set<String>,
        at now: WallTime
    ) throws(TrustError) -> [String] {
        var people: Set<String> = []
        var reasons: [String] = []
        for (index, approval) in approvals.enumerated() {
            do throws(TrustError) {
                people.insert(try person(behind: approval, on: order, name: "approval \(index + 1)", at: now))
            } catch {
                reasons.append("\(error.subject) \(error.advice)")
            }
        }
        if people.count == 1, let person = people.first, !involved.isDisjoint(with: signers.names(of: person)) {
            people = []
            reasons.append("\(person) asked for it or wrote it, and may not be the only one who approves")
        }
        guard people.count >= threshold else {
            let found = people.isEmpty ? "nobody" : people.sorted().joined(separator: ", ")
            let why = reasons.isEmpty ? "" : "; not counted: \(reasons.joined(separator: "; "))"
            let wanted = threshold == 1 ? "1 person" : "\(threshold) people"
            throw TrustError(.notApproved, "order", "needs the approval of \(wanted), and has that of \(found)\(why)")
        }
        return people.sorted()
    }

    private func person(
        behind approval: [UInt8],
        on order: [UInt8],
        name: String,
        at now: WallTime
    ) throws(TrustError) -> String {
        let signature = try SSHSignature(armored: approval, name: name)
        guard signature.namespace == Self.namespace else {
            throw TrustError(
                .signatureInvalid,
                name,
                "is for '\(signature.namespace)', expected '\(Self.namespace)': sign with -n \(Self.namespace)"
            )
        }
        let entry = try signers.owner(of: signature.key, namespace: Self.namespace, at: now)
        guard try signature.isValid(on: order) else {
            throw TrustError(.signatureInvalid, name, "is not \(entry.person)'s on this order: was it changed since?")
        }
        return entry.person
    }
}
