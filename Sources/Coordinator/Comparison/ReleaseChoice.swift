package import Model

/// One of two releases that are compared.
package enum ReleaseChoice: Hashable, Codable, Sendable {
    /// What an environment is on.
    case confirmed(in: EnvironmentName)
    /// What would go to an environment by fleet.yml as it is now; nil stands for the artifact that it is on.
    case planned(Version?, in: EnvironmentName)
    /// A version as it was confirmed in an environment; one that never was, as it would go there now.
    case version(Version, in: EnvironmentName)

    package var environment: EnvironmentName {
        switch self {
        case .confirmed(let environment), .planned(_, let environment), .version(_, let environment): environment
        }
    }
}
