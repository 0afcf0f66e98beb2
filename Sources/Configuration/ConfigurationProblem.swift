/// One thing that is wrong with a configuration file, and where.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    package let code: ConfigurationError.Code
    /// As the user named it.
    package let file: String
    /// Nil when the problem is of the whole file.
    package let mark: Mark?
    /// What was found, what was expected, and the nearest right thing; shown to the operator as it stands.
    package let advice: String

    package var description: String {
        guard let mark else { return "\(file): \(advice)" }
        return "\(file):\(mark.line):\(mark.column): \(advice)"
    }
}
