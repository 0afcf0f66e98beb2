internal import Glibc
package import Logging
internal import Model
package import Protocol
package import Session
package import TLS

/// Renews agents' certificates before they end, and tells agents who was revoked, over sessions that there are anyway.
///
/// Each session of a coordinator passes through `tend` at its start, and a long one through `follow` all along. It never
/// keeps a session from its work: what fails is logged, and tried again with the next.
package struct MembershipKeeper: Sendable {
    /// Which certificates are renewed.
    package enum Scope: Sendable {
        /// In the last third of their validity.
        case due
        case all
    }

    /// What came of one session.
    package struct Tended: Sendable {
        package var membership: Membership?
        package var isRenewed = false
        /// Why something could not be done; nil when nothing was in the way.
        package var problem: String?
    }

    /// Time for one answer of an agent.
    private static let answerTime = Duration.seconds(5)
    /// How soon a revocation reaches a session that goes on: the pause between two heartbeats.
    private static let lookInterval = Duration.seconds(5)
    /// How often a session that goes on is asked about its certificate.
    private static let roundInterval = Duration.seconds(3600)

    private let workspace: Workspace
    private let clock: CoordinatorClock
    private let logger: Logger

    package init(_ workspace: Workspace, clock: CoordinatorClock = CoordinatorClock(), logger: Logger) {
        self.workspace = workspace
        self.clock = clock
        self.logger = logger
    }

    /// Whom we believe no more at this moment.
    package func revocations() throws -> RevocationList? { try workspace.revocations() }

    /// Hands over the revocations, and renews the agent's certificate where the authority is at hand.
    @discardableResult
    package func tend(_ session: Session, _ scope: Scope = .due) async -> Tended {
        var tended = Tended()
        do {
            let list = try workspace.revocations()
            let membership = try await session.membership(revocations: list?.pem ?? [], within: Self.answerTime)
            tended.membership = membership
            guard scope == .all || membership.certificate.state(at: clock.wall) != .fine else { return tended }
            guard workspace.hasAuthority else {
                let place = workspace.layout.authority
                tended.problem = "its certificate is to be renewed where the authority is, which is not in \(place)"
                return tended
            }
            tended.membership = try await renew(session)
            tended.isRenewed = true
            logger.notice("certificate renewed", metadata: ["host": "\(session.peer.name)"])
        } catch {
            tended.problem = "\(error)"
            logger.info("membership not tended", metadata: ["host": "\(session.peer.name)", "error": "\(error)"])
        }
        return tended
    }

    private func renew(_ session: Session) async throws -> Membership {
        let request = try await session.certificateRequest(within: Self.answerTime)
        let issued = try workspace.authority().issue(
            .agent,
            name: session.peer.name,
            key: .request(pem: request),
            now: clock.wall
        )
        return try await session.installCertificate(Array(issued.certificatePEM.utf8), within: Self.answerTime)
    }

    /// Tends a session until it ends: revocations within a heartbeat, the certificate once an hour.
    ///
    /// `endpoint` is what the session was made with: when its peer is revoked, the connection is ended.
    package func follow(_ session: Session, on endpoint: TLSEndpoint) async {
        while !Task.isCancelled {
            let before = stamp
            await tend(session)
            if let list = try? workspace.revocations() { endpoint.replace(endpoint.context.refusing(list)) }
            var waited = Duration.zero
            while stamp == before, waited < Self.roundInterval {
                guard (try? await Task.sleep(for: Self.lookInterval)) != nil else { return }  // the session has ended
                waited += Self.lookInterval
            }
        }
    }

    /// Changes whenever one of the lists does.
    private var stamp: [Int] {
        [workspace.layout.authorityRevocations, workspace.layout.operatorRevocations].flatMap { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return [0, 0, 0] }
            return [Int(status.st_ino), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        }
    }
}
