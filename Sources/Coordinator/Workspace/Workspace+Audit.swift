internal import Glibc
internal import Model
internal import Trust

extension Author {
    /// Somebody who works on this machine.
    package static func here(_ name: String) -> Self { Self(name: name, place: Machine.name) }
}

extension Workspace {
    /// Who we are in the records of the ledger.
    package var author: Author {
        // Whoever has no certificate yet, or none any more, is recorded all the same.
        .here((try? credentials().name) ?? "unknown")
    }

    /// What signs the checkpoints of `ledger`.
    package func signer(of ledger: Ledger) throws -> LedgerSigner {
        guard SmallFile.exists(layout.ledgerKey) else {
            throw CoordinatorError(
                .workspaceInvalid,
                "\(layout.ledgerKey) is missing: restore it from a backup, or run 'fleet init', which makes a new one; hosts "
                    + "then have to be told of it with 'fleet host add'"
            )
        }
        let fleet = try credentials().fleet
        return LedgerSigner(
            origin: LedgerOrigin(fleet: fleet, ledger: ledger.id),
            key: try SigningKey(file: layout.ledgerKey)
        )
    }

    /// Makes the ledger's key where there is none, and writes its public half for the ledger that is here now.
    func makeLedgerKey(of fleet: FleetName) throws {
        if !SmallFile.exists(layout.ledgerKey) { try SigningKey.generate().write(to: layout.ledgerKey) }
        let origin = LedgerOrigin(fleet: fleet, ledger: try ledger().id)
        let signer = LedgerSigner(origin: origin, key: try SigningKey(file: layout.ledgerKey))
        let line = Array("\(try signer.publicKey())\n".utf8)
        if SmallFile.exists(layout.ledgerPublicKey) {
            guard try SmallFile.read(layout.ledgerPublicKey) != line else { return }
            // Of a ledger that was here before; made again from the key at any time.
            unlink(layout.ledgerPublicKey)
        }
        try SmallFile.create(layout.ledgerPublicKey, line, mode: 0o644)
    }

    /// Does `work` in our name, and records what came of it; see `Ledger.recording`.
    package func recording<Result: Sendable>(
        _ kind: LedgerRecord.Kind,
        _ describe: (inout LedgerRecord) -> Void,
        _ work: () async throws -> Result
    ) async throws -> Result { try await ledger().recording(kind, by: author, describe, work) }
}
