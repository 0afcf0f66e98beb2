/// What happens while the calendar of the environment is closed.
package enum CalendarPolicy: String, Codable, Sendable {
    /// Nothing begins.
    case obey
    /// In an emergency it is carried out whatever the calendar says; plan and ledger say why.
    case override
}
