/// A secret by name: the value is a systemd credential on the host and never travels.
package struct SecretReference: Hashable, Codable, Sendable {
    /// What the service calls it.
    package let variable: String
    /// Name of the credential file under the host's credential store.
    package let credential: String

    package init(variable: String, credential: String) {
        self.variable = variable
        self.credential = credential
    }
}
