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
    private let allowance: ReceiptAllowance
    private let clock: CoordinatorClock
    private let logger: Logger

    package init(
        _ ledger: Ledger,
        fleet: FleetName,
        anchors: TrustAnchors,
        revocations: @escaping @Sendable () throws -> RevocationList? = { nil },
        allowance: ReceiptAllowance = ReceiptAllowance(),
        clock: CoordinatorClock = CoordinatorClock(),
        logger: Logger
    ) {
        self.ledger = ledger
        self.fleet = fleet
        self.anchors = anchors
        self.revocations = revocations
        self.allowance = allowance
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
        let isNews = try await ledger.refuse(receiptsOf: host, because: "\(error)", at: clock.wall, within: allowance)
        // A host is asked all the time; what is not worth a record is not worth a line.
        guard isNews else { return }
        logger.warning("receipts refused", metadata: ["host": "\(host)", "error": "\(error)"])
    }

    private func take(of host: HostID, from session: Session, _ check: ReceiptCheck) async throws {
        var check = check
        var known = try await common(with: host, in: session, &check)
        for _ in 0..<Self.mostAnswers {
            let batch = try await session.receipts(after: known, within: Self.answerTime)
            guard !batch.entries.isEmpty else { return }
            let receipts = try check.verify(batch, of: host, at: clock.wall)
            try await ledger.take(receipts, of: host, at: clock.wall, within: allowance)
            // A host that gives the same again has no more to say.
            guard let last = receipts.last, last.digest != known.digest else { return }
            known = ReceiptHead(sequence: last.receipt.sequence, digest: last.digest)
        }
    }

    /// A receipt that the ledger and the host both have, near the newest such.
    ///
    /// A host whose journal was put back gives its receipts from the first to somebody who knows a later one. Each question
    /// halves what is in doubt, so that it catches up however many there are.
    private func common(
        with host: HostID,
        in session: Session,
        _ check: inout ReceiptCheck
    ) async throws -> ReceiptHead {
        let known = try await ledger.receiptHead(of: host)
        guard try await !hasKept(known, host, session, &check) else { return known }
        var (low, high) = (ReceiptHead.none, known.sequence)
        while high - low.sequence > Int64(ReceiptBatch.most) {
            let middle = low.sequence + (high - low.sequence) / 2
            if let head = try await ledger.receipt(middle, of: host),
                try await hasKept(head, host, session, &check)
            {
                low = head
            } else {
                high = middle
            }
        }
        return low
    }

    private func hasKept(
        _ head: ReceiptHead,
        _ host: HostID,
        _ session: Session,
        _ check: inout ReceiptCheck
    ) async throws -> Bool {
        guard head != .none else { return true }
        let batch = try await session.receipts(after: head, within: Self.answerTime)
        guard let entry = batch.entries.first else { return true }
        let next = try check.verify(entry, chain: batch.chain, of: host, at: clock.wall)
        return next.receipt.previous == head.digest
    }
}
