/// Why a host changes.
package enum Purpose: String, Codable, Sendable {
    /// A new release moves in.
    case deploy
    /// The release before it moves back in.
    case rollback
    /// The same release starts anew.
    case restart
}
