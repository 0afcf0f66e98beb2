/// What happens to a systemd unit of the service's name that Fleet did not install.
package enum AdoptionPolicy: String, Codable, Sendable {
    /// The release is refused before anything changes.
    case refuse
    /// The unit is saved, replaced, and put back on revert.
    case adopt
}
