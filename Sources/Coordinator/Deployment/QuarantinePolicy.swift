/// What happens when somebody asks for an artifact that is quarantined in the environment.
package enum QuarantinePolicy: String, Codable, Sendable {
    /// It is not planned.
    case refuse
    /// It is taken again on purpose; plan and ledger say why.
    case again
}
