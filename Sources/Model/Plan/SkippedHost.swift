/// A host that a rollout leaves out on purpose.
package struct SkippedHost: Hashable, Codable, Sendable {
    package var id: HostID
    package var reason: String

    package init(id: HostID, reason: String) {
        self.id = id
        self.reason = reason
    }
}
