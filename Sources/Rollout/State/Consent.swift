import Model

/// Which order people were asked to approve, and who has.
struct Consent: Hashable, Codable, Sendable {
    /// Nil while it is being written, or its time has not come.
    var order: AskedOrder?
    /// Who has approved exactly this order, in the order of their words; their signatures are in the ledger.
    var people: [String] = []
    /// Whose break-glass key stands for the approvals that are missing.
    var brokenBy: String?
    /// Enough have approved, and hosts may be sent to the target under it.
    var isGranted = false
    /// Its time is over: it starts nothing more.
    var hasLapsed = false
    /// The caller was told to write it.
    var isAsked: Bool?
}
