package import Model

/// What differs between two releases.
package struct ReleaseDifference: Codable, Sendable {
    package var service: ServiceName
    package var before: ComparedRelease
    package var after: ComparedRelease
    package var variables: [VariableChange]
    /// Keys of `service.yml`.
    package var keys: [KeyChange]
    /// The unit files that `service.yml` names.
    package var files: [FileDifference]
    /// What could not be compared and why, one sentence each.
    package var unknown: [String]

    /// A key of `service.yml` in which they differ.
    package struct KeyChange: Hashable, Codable, Sendable {
        /// As a path: `checks[0].http`.
        package var key: String
        /// Nil where it is not there.
        package var before: String?
        package var after: String?
    }

    /// A file that differs.
    package struct FileDifference: Hashable, Codable, Sendable {
        package var path: String
        /// As `diff -u` writes it, without the two lines of its head.
        package var lines: [String]
    }
}
