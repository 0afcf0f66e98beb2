package import Logging
package import Model
internal import Protocol
package import Session
package import TLS
internal import Trust

/// Fetches a host's receipts over sessions that there are anyway, and records those that the ledger does not have.
///
/// It never keeps a session from its work: what fails is logged and, where the host's word was not to be believed, recorded;
/// it is tried again when the host is heard next.
package struct ReceiptIntake: Sendable {
    private let ledger: Ledger
    private let fleet: FleetName
    private let anchors: TrustAnchors
    private let revocations: @Sendable () throws -> RevocationList?
    private let clock: CoordinatorClock
    private let logger: Logger

    package init(
        _ ledger: Ledger,
        fleet: FleetName,
        anchors: TrustAnchors,
        revocations: @escaping @Sendable () throws -> RevocationList? = { nil },
        clock: CoordinatorClock = CoordinatorClock(),
        logger: Logger
    ) {
        self.ledger = ledger
        self.fleet = fleet
        self.anchors = anchors
        self.revocations = revocations
        self.clock = clock
        self.logger = logger
    }

    /// Time for one answer of an agent.
    private static let answerTime = Duration.seconds(5)
    /// Answers that are taken in at once; what a host has done in years takes some sessions.
    private static let mostAnswers = 64

    /// Takes in what follows the newest receipt that we have, unless `head` shows that nothing does.
    ///
    /// The host is the one whose certificate the session was made with, whatever the receipts say.
    package func take(from session: Session, upTo head: ReceiptHead? = nil) async {
        do {
            let host = try HostID(parsing: session.peer.name)
            if let head, try await ledger.knows(head, of: host) { return }
            let check = ReceiptCheck(fleet: fleet, anchors: anchors, revocations: try revocations())
            do {
                try await take(of: host, from: session, check)
            } catch let error as TrustError {
                try await refuse(host, error)
            } catch let error as TLSError {
                try await refuse(host, error)
            }
        } catch is CancellationError {
            return
        } catch {
            // Whatever else goes wrong is ours, and no word about the host.
            logger.info("receipts not taken", metadata: ["host": "\(session.peer.name)", "error": "\(error)"])
        }
    }

    private func refuse(_ host: HostID, _ error: any Error) async throws {
        logger.warning("receipts refused", metadata: ["host": "\(host)", "error": "\(error)"])
        try await ledger.refuse(receiptsOf: host, because: "\(error)", at: clock.wall)
    }

    private func take(of host: HostID, from session: Session, _ check: ReceiptCheck) async throws {
        var check = check
        var known = try await ledger.receiptHead(of: host)
        for _ in 0..<Self.mostAnswers {
            let batch = try await session.receipts(after: known, within: Self.answerTime)
            guard !batch.entries.isEmpty else { return }
            let receipts = try check.verify(batch, of: host, at: clock.wall)
            try await ledger.take(receipts, of: host, at: clock.wall)
            // A host that gives the same again has no more to say.
            guard let last = receipts.last, last.digest != known.digest else { return }
            known = ReceiptHead(sequence: last.receipt.sequence, digest: last.digest)
        }
    }
}
