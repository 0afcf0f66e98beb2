/// A file that makes a service's health endpoint fail, so that whoever asks it sends no more requests.
package struct DrainFile: Hashable, Codable, Sendable {
    /// Absolute.
    package var path: String
    /// Time that everybody who asks needs to notice, and requests to end.
    package var wait: TimeSpan

    package init(path: String, wait: TimeSpan) {
        self.path = path
        self.wait = wait
    }
}
