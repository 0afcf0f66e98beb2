/// How a host changes from one release to the next.
package enum Strategy: String, Codable, Sendable, CaseIterable {
    /// Drain, stop, switch, start, check, undrain.
    case restart
    /// Switch files only; nothing is started.
    case none
}
