internal import Model

extension Ledger {
    /// Does `work`, and records that it was done, or that it failed and why.
    ///
    /// It is recorded before the caller hears of it; what can't be recorded counts as failed.
    package nonisolated func recording<Result: Sendable>(
        _ kind: LedgerRecord.Kind,
        by author: Author,
        _ describe: (inout LedgerRecord) -> Void,
        _ work: () async throws -> Result
    ) async throws -> Result {
        var record = LedgerRecord(kind, by: author, at: CoordinatorClock().wall)
        describe(&record)
        let result: Result
        do {
            result = try await work()
        } catch {
            record.outcome = "failed"
            record.why = "\(error)"
            try await self.record(record)
            throw error
        }
        record.outcome = "done"
        try await self.record(record)
        return result
    }
}
