package import Model

/// Which two releases of a service somebody wants to see beside each other.
package struct ReleaseComparison: Hashable, Codable, Sendable {
    package var service: ServiceName
    package var before: ReleaseChoice
    package var after: ReleaseChoice

    package init(service: ServiceName, before: ReleaseChoice, after: ReleaseChoice) {
        self.service = service
        self.before = before
        self.after = after
    }
}
