package import Model
internal import TLS

/// Which certificates should be renewed soon, as far as the operator's own files know.
package struct RenewalReminder: Sendable {
    /// One line for the operator; nil when nothing is due.
    package let line: String?

    /// Looks at the operator's certificate, and at the newest that the authority has issued for each of `hosts`.
    ///
    /// Asks no host. Where the authority is kept elsewhere, only the operator's own certificate is looked at.
    package init(_ workspace: Workspace, hosts: [HostID], at now: WallTime) {
        // What can't be read is the doctor's to explain; it must not keep a rollout from its way.
        let own = (try? workspace.credentials()).flatMap { try? CertificateSummary(of: $0.identity.certificate) }
        let authority = try? workspace.authority()
        let issued = (try? authority?.issued().newestPerIdentity) ?? []
        let names = Set(hosts.map(\.text))
        let theirs = issued.filter { $0.identity.role == .agent && names.contains($0.identity.name) }
        let due = ([own].compactMap(\.self) + theirs).filter { $0.validity.state(at: now) != .fine }
        let intermediate = authority?.intermediate.validity
        line = Self.line(due, at: now) ?? intermediate.flatMap { Self.line($0, at: now) }
    }

    private static func line(_ intermediate: Validity, at now: WallTime) -> String? {
        guard intermediate.state(at: now) != .fine else { return nil }
        return "renew soon: the intermediate of the authority ends \(intermediate.notAfter); 'fleet ca renew' does it"
    }

    private static func line(_ due: [CertificateSummary], at now: WallTime) -> String? {
        guard let first = due.min(by: { $0.notAfter < $1.notAfter }) else { return nil }
        let more = due.count > 1 ? " and \(due.count - 1) more" : ""
        let end = first.notAfter > now ? "ends" : "has ended"
        let name = "\(first.identity.role) \(first.identity.name)"
        return "renew soon: the certificate of \(name) \(end) \(first.notAfter)\(more); 'fleet doctor' says how"
    }
}
