internal import Logging
internal import Model
internal import Protocol
internal import Session
internal import TLS
internal import Trust

/// Makes hosts members that prove to have a token; the only thing that a coordinator does for somebody without a certificate.
actor JoinDesk {
    private let bench: Workbench
    private let clock: CoordinatorClock
    private var attempts = JoinAttempts()

    init(_ bench: Workbench, clock: CoordinatorClock = CoordinatorClock()) {
        self.bench = bench
        self.clock = clock
    }

    /// - Throws: `Problem`, for the guest.
    func answer(_ join: JoinRequest, _ call: Call) async throws -> JoinGrant {
        let binding = try await call.channelBinding()
        return try await answer(join, from: call.peerAddress ?? "unknown", binding: binding)
    }

    func answer(_ join: JoinRequest, from address: String, binding: [UInt8]) async throws -> JoinGrant {
        let now = clock.wall
        do {
            // Before anything is waited for: what a guest sends at once is counted one by one.
            guard attempts.begin(address, at: now) else { throw JoinRefusal.tooMany }
            let grant = try await admit(join, from: address, binding: binding)
            attempts.granted(address, begun: now)
            return grant
        } catch let refusal as JoinRefusal {
            guard refusal != .tooMany || attempts.isNews(address, at: now) else { throw refusal.problem }
            bench.logger.warning(
                "join refused",
                metadata: ["address": "\(address)", "error.code": "\(refusal.code)", "reason": "\(refusal.message)"]
            )
            throw refusal.problem
        } catch {
            // A stranger learns nothing of what is wrong here, and it is not the stranger's fault.
            attempts.granted(address, begun: now)
            bench.logger.error("join failed", metadata: ["address": "\(address)", "error": "\(error)"])
            throw Problem(
                code: "request.failed",
                message: "the coordinator could not do it, its log says why; join again with the same token"
            )
        }
    }

    private func admit(_ join: JoinRequest, from address: String, binding: [UInt8]) async throws -> JoinGrant {
        let (id, statement) = try Self.read(join)
        guard statement.binding == Base64.encode(binding) else { throw JoinRefusal.otherConnection }
        let ledger = try await bench.ledger()
        // A stranger, who can sign with a key of their own, makes us read no more than this.
        guard try await ledger.knowsJoinToken(id) else { throw JoinRefusal.unknown }
        let now = clock.wall
        let skew = statement.at - now
        guard abs(skew.milliseconds) <= JoinRefusal.largestSkew.milliseconds else {
            throw JoinRefusal.clock(there: statement.at, here: now)
        }
        let workspace = bench.workspace
        guard workspace.hasAuthority else { throw JoinRefusal.noAuthority }
        let request = Array(statement.request.utf8)
        let key = try Self.key(of: request)
        // All that can fail comes before the token is spent.
        let authority = try workspace.authority()
        let files = try HostTrust.files(of: workspace)
        guard authority.fleet == statement.fleet.text, try JoinToken.digest(of: files) == statement.trust else {
            throw JoinRefusal.trustChanged
        }
        let guest = Author(name: statement.host.text, place: address)
        try await ledger.redeem(id, for: statement.host, key: key, by: guest, at: now).get()
        let issued = try await ledger.recording(.hostAdded, by: guest) {
            $0.hosts = [statement.host]
            $0.after = "key \(key.short), token \(id.short)"
        } _: {
            try authority.issue(.agent, name: statement.host.text, key: .request(pem: request), now: now)
        }
        bench.logger.notice(
            "host joined",
            metadata: ["host": "\(statement.host)", "address": "\(address)", "serial": "\(issued.summary.serial)"]
        )
        return JoinGrant(
            chain: Array(issued.certificatePEM.utf8),
            root: Array(issued.authorityPEM.utf8),
            revocations: try workspace.revocations()?.pem ?? [],
            files: files.map { JoinGrant.File(path: $0.path, content: $0.bytes) }
        )
    }

    /// What the holder of a token has signed, and which token.
    private static func read(_ join: JoinRequest) throws(JoinRefusal) -> (id: Digest, JoinStatement) {
        do {
            let key = try VerificationKey(der: join.token, name: "join token")
            return (key.id, try JoinStatement(join.statement, signature: join.signature, by: key))
        } catch {
            throw .unproven("\(error)")
        }
    }

    private static func key(of request: [UInt8]) throws(JoinRefusal) -> Digest {
        do {
            return try SubjectKey.digest(ofRequest: request)
        } catch {
            throw .unproven("\(error)")
        }
    }
}
