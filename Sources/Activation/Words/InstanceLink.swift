package import Model

/// An instance that may run, and the release that it runs.
package struct InstanceLink: Hashable, Codable, Sendable {
    package let instance: InstanceName
    package let release: ReleaseID

    package init(instance: InstanceName, release: ReleaseID) {
        self.instance = instance
        self.release = release
    }
}
