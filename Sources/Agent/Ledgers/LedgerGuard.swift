internal import Activation
internal import Configuration
internal import Logging
internal import Model
internal import Trust

/// Holds every claim against what this host has seen of the claimant's ledger.
///
/// A coordinator that was taken over, or put back to an old copy, can't make hosts forget. The history is stored before
/// the claim is granted.
struct LedgerGuard: Sendable {
    let fleet: FleetName
    let paths: AgentPaths
    let journal: AgentJournal
    let logger: Logger

    /// What a machine is told about the ledger of a claim.
    ///
    /// - Throws: `Failure` with `ledger.moved` when the coordinator has to ask again where this host stands.
    func judge(_ claim: Claim, _ history: LedgerHistory?) async throws -> Reading {
        guard let history else {
            let failure = Failure(.ledgerRefused, "the claim came without the history of its ledger")
            return .broken(failure, purpose: .deploy)
        }
        do {
            try await accept(history, of: claim.rollout.ledger)
            return .continued
        } catch let failure as Failure where failure.code == .ledgerMoved {
            throw failure
        } catch let failure as Failure {
            logger.error("ledger refused", metadata: ["rollout": "\(claim.rollout)", "error": "\(failure)"])
            try await journal.note(refusal: failure.message, of: origin(claim.rollout.ledger).description)
            return .broken(failure, purpose: history.purpose)
        }
    }

    private func origin(_ ledger: LedgerID) -> LedgerOrigin { LedgerOrigin(fleet: fleet, ledger: ledger) }

    private func accept(_ history: LedgerHistory, of ledger: LedgerID) async throws {
        let origin = origin(ledger)
        let signed: SignedCheckpoint
        do {
            signed = try SignedCheckpoint(history.checkpoint, by: try await key(of: origin))
        } catch let error as TrustError {
            throw Failure(.ledgerRefused, "the checkpoint of \(origin) is not believed: \(error)")
        }
        try await journal.advance(to: signed, since: history.since, proof: history.proof)
    }

    /// The key that was brought at enrolment, else the one that an approver has introduced.
    private func key(of origin: LedgerOrigin) async throws -> NoteKey {
        let path = "\(paths.ledgers)/\(origin.ledger)"
        if let bytes = try TrustedFile.readIfPresent(path, .keyInvalid) {
            let line = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
            return try named(origin, try NoteKey(parsing: line))
        }
        if let line = try await journal.introducedKey(of: origin.description) {
            return try named(origin, try NoteKey(parsing: line))
        }
        throw Failure(
            .ledgerRefused,
            "\(origin) is a ledger that this host does not know: 'fleet host add' from its workspace enrols the host with it, "
                + "or an approver introduces it: 'fleet audit introduce'"
        )
    }

    private func named(_ origin: LedgerOrigin, _ key: NoteKey) throws(TrustError) -> NoteKey {
        guard key.name == origin.description else {
            let path = "\(paths.ledgers)/\(origin.ledger)"
            throw TrustError(.keyInvalid, path, "is the key of '\(key.name)', not of '\(origin)'")
        }
        return key
    }

    // MARK: An approver's word

    /// Takes an introduction or a recovery that an approver of this host has signed.
    ///
    /// - Throws: `Failure` that says which rule it breaks.
    func take(_ word: LedgerWord, at now: WallTime) async throws {
        let (statement, approver) = try verified(word, at: now)
        let key = try believed { () throws(TrustError) in try NoteKey(parsing: statement.ledger) }
        let origin = try believed { () throws(TrustError) in try LedgerOrigin(parsing: key.name) }
        guard origin.fleet == fleet else {
            throw Failure(.ledgerRefused, "the statement is about \(origin), this host is of fleet \(fleet)")
        }
        switch statement.kind {
        case .introduction:
            guard try TrustedFile.readIfPresent("\(paths.ledgers)/\(origin.ledger)", .keyInvalid) == nil else { return }
            try await journal.introduce(key, by: approver, at: now)
        case .recovery:
            guard let note = statement.checkpoint, let lost = statement.lost else {
                throw Failure(.ledgerRefused, "the statement names no checkpoint to go on from, or none to give up")
            }
            let known = try await self.key(of: origin)
            let signed = try believed { () throws(TrustError) in try SignedCheckpoint(Array(note.utf8), by: known) }
            let digest = SHA256.digest(of: word.statement)
            try await journal.recover(digest, to: signed, giving: lost.size, by: approver, at: now)
        }
        logger.notice(
            "ledger accepted",
            metadata: ["ledger": "\(origin)", "statement": "\(statement.kind.rawValue)", "approver": "\(approver)"]
        )
    }

    private func verified(_ word: LedgerWord, at now: WallTime) throws -> (LedgerStatement, String) {
        guard let bytes = try TrustedFile.readIfPresent(paths.approvers, .signersInvalid) else {
            throw Failure(
                .ledgerRefused,
                "this host has no \(paths.approvers), so nobody may speak for a ledger here; 'fleet host add' enrols it anew"
            )
        }
        return try believed { () throws(TrustError) in
            let approvers = try AllowedSigners(parsing: bytes, name: paths.approvers)
            return try LedgerStatement.verify(word, approvers: approvers, at: now)
        }
    }

    private func believed<Value>(_ body: () throws(TrustError) -> Value) throws(Failure) -> Value {
        do { return try body() } catch { throw Failure(.ledgerRefused, "\(error)") }
    }
}
