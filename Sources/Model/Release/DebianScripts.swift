/// What happens to a `.deb` whose maintainer scripts would not run under Fleet.
package enum DebianScripts: String, Codable, Sendable {
    /// Refused: the package expects work that nobody would do.
    case refuse
    /// Accepted; the scripts are shown and never run.
    case ignore
}
