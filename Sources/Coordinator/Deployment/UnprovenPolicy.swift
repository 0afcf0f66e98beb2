/// What happens when an artifact has not proved itself where its environment demands it.
package enum UnprovenPolicy: String, Codable, Sendable {
    /// It is not planned.
    case refuse
    /// In an emergency it goes there all the same; plan and ledger say why.
    case accept
}
