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
        var people: [String] = []
        var reasons: [String] = []
        for (index, approval) in approvals.enumerated() {
            do throws(TrustError) {
                let person = try person(behind: approval, on: order, name: "approval \(index + 1)", at: now)
                // Two names that may be one person's are one person's.
                if let known = people.first(where: { !keys(of: $0).isDisjoint(with: keys(of: person)) }) {
                    if known != person { reasons.append("\(person) is counted as the same person as \(known)") }
                } else {
                    people.append(person)
                }
            } catch {
                reasons.append("\(error.subject) \(error.advice)")
            }
        }
        let involved = Set(involved.map(PersonalName.key))
        if people.count == 1, let person = people.first, !involved.isDisjoint(with: keys(of: person)) {
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

    /// What stands for a person in comparisons: `alice` is `alice@example.com` and `Alice`.
    private func keys(of person: String) -> Set<String> { Set(signers.names(of: person).map(PersonalName.key)) }

    private func person(
        behind approval: [UInt8],
        on order: [UInt8],
        name: String,
        at now: WallTime
    ) throws(TrustError) -> String {
        try SSHSignature(armored: approval, name: name)
            .signer(of: order, for: Self.namespace, among: signers, at: now, name: name)
    }
}
