/// How a unit that need not stop gets from one release to the other.
enum Passage: Hashable, Codable, Sendable {
    /// By a reload, if it runs; nobody has looked yet.
    case unseen
    /// It ran when the change began, and this run of it goes on through reloads.
    case running(invocation: String)
    /// It was to go on and is stopped and started after all: it did not run, did not come back by a reload, or went with a boot.
    case stopped
    /// It stays until another instance, with the new release, has its traffic.
    case beside
}
