/// The two instances of a service with the strategy `blue-green`: one has the traffic, the other waits for the next release.
package struct InstancePair: Hashable, Codable, Sendable {
    /// Runs the first release.
    package let first: InstanceName
    package let second: InstanceName

    /// Stands in `service.yml` and `fleet.yml` for the instance's name.
    package static let placeholder = "{instance}"

    package init(_ first: InstanceName, _ second: InstanceName) {
        self.first = first
        self.second = second
    }

    package var all: [InstanceName] { [first, second] }

    package func contains(_ instance: InstanceName?) -> Bool { instance == first || instance == second }

    /// The one that `instance` is not.
    package func other(than instance: InstanceName?) -> InstanceName { instance == first ? second : first }
}

extension String {
    /// The same with the instance's name where `{instance}` stands.
    package func naming(_ instance: InstanceName?) -> String {
        guard let instance else { return self }
        return replacing(InstancePair.placeholder, with: instance.text)
    }
}
