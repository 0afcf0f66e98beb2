/// How a host changes from one release to the next.
package enum Strategy: String, Codable, Sendable, CaseIterable {
    /// Drain, stop, switch, start, check, undrain.
    case restart
    /// Switch while the service runs, tell it to take the release up (`ExecReload=`), check; no drain, nothing stops.
    case reload
    /// Start the new release in another instance of a template unit; once it is well it gets the traffic, and the old one
    /// drains and stops.
    case blueGreen = "blue-green"
    /// Switch files only; nothing is started.
    case none
}
