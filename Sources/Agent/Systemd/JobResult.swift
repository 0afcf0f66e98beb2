/// How a systemd job ended, as in org.freedesktop.systemd1(5), JobRemoved.
package enum JobResult: String, Hashable, Sendable {
    case done
    case canceled
    case timeout
    case failed
    case dependency
    case skipped
    /// The bus went away, or systemd used a word that this version does not know.
    case unknown

    init(word: String) { self = Self(rawValue: word) ?? .unknown }
}
