package import Model

/// What one host may put into the ledger within a day, whatever it signs: a host that was broken into fills no disk.
package struct ReceiptAllowance: Hashable, Sendable {
    /// Receipts; more are taken on the next day.
    package var receipts: Int
    /// Records of receipts that were not believed; of more, nothing is recorded.
    package var refusals: Int
    package var span: TimeSpan

    package init(receipts: Int = 4096, refusals: Int = 16, span: TimeSpan = .hours(24)) {
        self.receipts = receipts
        self.refusals = refusals
        self.span = span
    }
}
