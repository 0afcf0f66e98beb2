package import Model
internal import Protocol
internal import Session
package import Trust

/// What a ledger's owner does when hosts do not believe it: asks where they stand, and brings them an approver's word.
package struct LedgerDesk: Sendable {
    private let ledger: Ledger
    private let signer: LedgerSigner
    private let dialer: HostDialer
    private let hosts: [Host]

    package init(_ ledger: Ledger, _ signer: LedgerSigner, _ dialer: HostDialer, hosts: [Host]) {
        self.ledger = ledger
        self.signer = signer
        self.dialer = dialer
        self.hosts = hosts
    }

    private static let answerTime = Duration.seconds(10)

    // MARK: Statements

    /// The statement by which hosts of the fleet come to believe this ledger.
    package func introduction(because why: String, at now: WallTime) throws -> LedgerStatement {
        LedgerStatement(.introduction, ledger: try signer.publicKey(), at: now, why: why)
    }

    /// What the hosts say that they have seen of this ledger.
    package struct Survey: Sendable {
        /// The highest of their checkpoints that this ledger does not continue; nil when it continues all of them.
        package var lost: Checkpoint?
        /// By host: records seen.
        package var seen: [HostID: Int64] = [:]
        /// Why some could not be asked.
        package var silent: [HostID: String] = [:]
    }

    /// Asks every host where it stands, and holds its answer against the ledger.
    ///
    /// Only what this ledger's own key has signed counts: a host can't make up records that were lost.
    package func survey() async throws -> Survey {
        let answers = await dialer.ask(hosts) { try await $0.checkpoints(within: Self.answerTime) }
        let key = try signer.publicKey()
        var survey = Survey()
        for (host, answer) in zip(hosts, answers) {
            switch answer {
            case .failure(let error): survey.silent[host.id] = "\(error)"
            case .success(let notes):
                let ours = notes.compactMap { note in
                    // Of another ledger, or not signed by us.
                    try? SignedCheckpoint(note, by: key).checkpoint
                }
                guard let found = ours.max(by: { $0.size < $1.size }) else { continue }
                survey.seen[host.id] = found.size
                guard try await !ledger.continues(found), found.size > survey.lost?.size ?? -1 else { continue }
                survey.lost = found
            }
        }
        return survey
    }

    /// The statement by which hosts give up what was lost, and go on from here.
    package func recovery(
        giving lost: Checkpoint,
        because why: String,
        at now: WallTime
    ) async throws -> LedgerStatement {
        let here = try await ledger.history(since: 0, signer.origin, signedWith: signer.key).checkpoint
        return LedgerStatement(
            .recovery,
            ledger: try signer.publicKey(),
            at: now,
            why: why,
            checkpoint: here,
            lost: LedgerStatement.Lost(size: lost.size, root: lost.root)
        )
    }

    // MARK: Bringing it to hosts

    /// Records the statement and its signature, then brings both to every host; answers why some did not take it.
    ///
    /// - Throws: `CoordinatorError` for a statement about another ledger, or one that this ledger does not continue.
    package func deliver(_ word: LedgerWord, by author: Author, at now: WallTime) async throws -> [HostID: String] {
        let statement = try CanonicalJSON.decode(LedgerStatement.self, from: word.statement)
        let key = try signer.publicKey()
        guard statement.ledger == "\(key)" else {
            let advice = "the statement is about \(statement.ledger), this ledger is \(key)"
            throw CoordinatorError(.workspaceInvalid, advice)
        }
        if let note = statement.checkpoint {
            let checkpoint = try SignedCheckpoint(Array(note.utf8), by: key).checkpoint
            guard try await ledger.continues(checkpoint) else {
                throw CoordinatorError(
                    .workspaceInvalid,
                    "the ledger does not go on from the statement's \(checkpoint.size) records: it was put back once more "
                        + "since; begin 'fleet audit recover' anew"
                )
            }
        }
        try await ledger.record(Self.record(of: statement, word, by: author, at: now))
        let answers = await dialer.ask(hosts) { try await $0.bring(word, within: Self.answerTime) }
        var refusals: [HostID: String] = [:]
        for (host, answer) in zip(hosts, answers) {
            if case .failure(let error) = answer { refusals[host.id] = "\(error)" }
        }
        return refusals
    }

    private static func record(
        of statement: LedgerStatement,
        _ word: LedgerWord,
        by author: Author,
        at now: WallTime
    ) -> LedgerRecord {
        var record = LedgerRecord(
            statement.kind == .recovery ? .ledgerRecovered : .ledgerIntroduced,
            by: author,
            at: now
        )
        record.why = statement.why
        record.before = statement.lost.map { "\($0.size) records, root \($0.root)" }
        record.after = statement.checkpoint ?? statement.ledger
        record.statement = String(decoding: word.statement, as: UTF8.self)
        record.signature = String(decoding: word.signature, as: UTF8.self)
        return record
    }
}
