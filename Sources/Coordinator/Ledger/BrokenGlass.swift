package import Model
internal import Rollout
internal import Trust

/// An emergency in which rules were overridden by one person; somebody else shall look at it afterwards.
package struct BrokenGlass: Hashable, Codable, Sendable {
    /// Number of the record that tells of it first.
    package let record: Int64
    /// Of the order that was signed and who has signed it, or the receipt of what was done without one: one emergency, on
    /// however many hosts.
    package let key: Digest
    /// Who has done it, as the host or the `break-glass` file names them.
    package let by: String
    package let at: WallTime
    package let service: ServiceName
    package let environment: EnvironmentName
    /// The host where it was done; nil for an order, which may be for many.
    package let host: HostID?
    package let reason: String?

    package init(
        record: Int64,
        key: Digest,
        by: String,
        at: WallTime,
        service: ServiceName,
        environment: EnvironmentName,
        host: HostID? = nil,
        reason: String? = nil
    ) {
        self.record = record
        self.key = key
        self.by = by
        self.at = at
        self.service = service
        self.environment = environment
        self.host = host
        self.reason = reason
    }

    /// A host that names somebody else for an order can't take the place of who has signed it.
    private static func key(of order: Digest, by person: String) -> Digest {
        SHA256.digest(of: order.bytes + Array(PersonalName.key(person).utf8))
    }

    /// What a receipt tells of one; nil when nothing was broken.
    init?(_ receipt: Receipt, digest: Digest, record: Int64) {
        let act = receipt.act
        guard act.breakGlass != nil || act.brokenClaim != nil else { return nil }
        let by = act.breakGlass?.by ?? act.by
        // A claim that somebody breaks on a host is an emergency of its own, whatever order they carry out.
        let order = act.brokenClaim == nil ? act.order : nil
        self.init(
            record: record,
            key: order.map { Self.key(of: $0, by: by) } ?? digest,
            by: by,
            at: act.at,
            service: act.service,
            environment: act.environment,
            host: order == nil ? receipt.host : nil,
            reason: act.breakGlass?.reason ?? act.reason
        )
    }

    init?(_ found: VerifiedReceipt, record: Int64) { self.init(found.receipt, digest: found.digest, record: record) }

    /// What a person's signature on an order tells of one; nil for every other record, and for a word that was refused.
    init?(_ record: LedgerRecord, record number: Int64) {
        guard case .operatorSaid(.approve(let approval))? = record.event?.word, approval.kind == .breakGlass,
            record.outcome != "refused", let service = record.service, let environment = record.environment
        else { return nil }
        self.init(
            record: number,
            key: Self.key(of: approval.order, by: approval.person),
            by: approval.person,
            at: record.at,
            service: service,
            environment: environment
        )
    }

    /// One line for people.
    package var description: String {
        let place = host.map { " on \($0)" } ?? ""
        let why = reason.map { ": \($0)" } ?? ""
        return "\(by) has broken the glass for \(service) in \(environment)\(place) at \(at)\(why)"
    }
}
