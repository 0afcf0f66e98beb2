import Activation
import Foundation
import Model
import Rollout
import Synchronization
import TLS
import Testing
import Trust

@testable import Coordinator

/// A fleet of model hosts that sign what they do, and a ledger that says what they did: true, or with somebody's changes.
final class AuditRig: Sendable {
    let fixture: RolloutFixture
    let authority: CertificateAuthority
    private let directory: String
    private let identities: [TLSIdentity]
    private let key: SigningKey
    private let heads = Mutex<[HostID: ReceiptHead]>([:])

    init(hosts: Int = 2, approvals: Int = 0) throws {
        fixture = try RolloutFixture(hosts: hosts, approvals: approvals)
        directory = "\(fixture.path).authority"
        let now = CoordinatorClock().wall
        let authority = try CertificateAuthority.create(fleet: "example", directory: directory, now: now)
        identities = try (1...hosts).map { number in
            let issued = try authority.issue(.agent, name: "web-\(number)", now: now)
            let key = try #require(issued.keyPEM)
            return try TLSIdentity(certificatePEM: Array(issued.certificatePEM.utf8), keyPEM: key.reveal())
        }
        self.authority = authority
        key = try SigningKey.generate()
    }

    /// The same hosts and keys, with chains of receipts that have not begun and a ledger of their own.
    init(hosts: Int, like other: AuditRig) throws {
        fixture = try RolloutFixture(hosts: hosts)
        directory = "\(fixture.path).authority"
        identities = other.identities
        authority = other.authority
        key = try SigningKey.generate()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// A host's next receipt, signed with its own key or with that of the host at another place.
    func receipt(_ act: HostAct, of host: Int, keyOf signer: Int? = nil) throws -> VerifiedReceipt {
        let identity = identities[signer ?? host]
        let id = HostID(validated: "web-\(host + 1)")
        let head = heads.withLock { $0[id] ?? .none }
        let receipt = Receipt(host: id, sequence: head.sequence + 1, previous: head.digest, act: act)
        let bytes = try CanonicalJSON.encode(receipt)
        let digest = SHA256.digest(of: bytes)
        heads.withLock { $0[id] = ReceiptHead(sequence: receipt.sequence, digest: digest) }
        let key = try SigningKey(pem: try identity.pem().reveal())
        let entry = ReceiptBatch.Entry(statement: bytes, signature: try ReceiptEnvelope.sign(bytes, with: key))
        return VerifiedReceipt(receipt, digest: digest, entry: entry, chain: try CertificateChain(identity).pem)
    }

    /// Records a receipt of what was done on a host.
    func take(_ act: HostAct, of host: Int) async throws {
        let found = try receipt(act, of: host)
        try await fixture.ledger.take([found], of: found.receipt.host, at: CoordinatorClock().wall)
    }

    /// Runs a rollout to its end; `sign` makes of each change what the host signs, or nothing.
    func run(sign: @escaping @Sendable (Int, HostAct) -> HostAct? = { $1 }) async throws {
        let hosts = MachineHosts(fixture.plan)
        await hosts.onAct { host, act in
            if let act = sign(host, act) { try await self.take(act, of: host) }
        }
        let rollout = try await fixture.open()
        let summary = try await fixture.engine(rollout, hosts).run(by: "alice@laptop")
        try #require(summary.outcome == .succeeded, "\(summary.headline)")
    }

    func records() async throws -> [LedgerRecord] {
        try await fixture.ledger.recordBytes(after: 0, limit: 10_000).map {
            try CanonicalJSON.decode(LedgerRecord.self, from: $0)
        }
    }

    /// What an auditor finds in an export of the ledger, from a record on.
    func verify(
        approvers: AllowedSigners? = nil,
        breakers: AllowedSigners? = nil,
        authority: TrustAnchors? = nil
    ) async throws -> AuditVerification {
        try await verify(fixture.ledger, approvers: approvers, breakers: breakers, authority: authority)
    }

    /// What an auditor finds in the export of a ledger that holds these records, in a tree that proves every one of them.
    func verify(_ records: [LedgerRecord]) async throws -> AuditVerification {
        let path = "\(fixture.path).lie"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let ledger = try Ledger(path: path, at: RolloutFixture.now)
        try await ledger.record(records.filter { $0.kind != .ledgerBegun })
        return try await verify(ledger)
    }

    /// The ledger's name and key.
    func signer(of ledger: Ledger) -> LedgerSigner {
        LedgerSigner(origin: LedgerOrigin(fleet: fixture.plan.fleet, ledger: ledger.id), key: key)
    }

    private func verify(
        _ ledger: Ledger,
        approvers: AllowedSigners? = nil,
        breakers: AllowedSigners? = nil,
        authority: TrustAnchors? = nil
    ) async throws -> AuditVerification {
        let signer = signer(of: ledger)
        let path = "\(fixture.path).export"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var bytes: [UInt8] = []
        _ = try await AuditExport(ledger, signer).run(as: .json) { bytes += $0 }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try AuditVerification(
            file: path,
            keys: AuditVerification.Keys(
                ledger: try signer.publicKey(),
                authority: authority ?? self.authority.anchors,
                approvers: approvers,
                breakers: breakers
            )
        )
    }
}
