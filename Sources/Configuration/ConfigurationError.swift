/// What is wrong with a file that people write: every problem that could be found in one go.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The text is no YAML, JSON or INI.
        case syntax = "configuration.syntax"
        /// YAML that Fleet refuses because it surprises: anchors, aliases, tags, duplicate keys, several documents.
        case surprising = "configuration.surprising_yaml"
        /// The file is larger or deeper than any honest one.
        case limit = "configuration.limit"
        case unknownKey = "configuration.unknown_key"
        case missingKey = "configuration.missing_key"
        case invalidValue = "configuration.invalid_value"
        /// Values that are right alone and wrong together.
        case contradiction = "configuration.contradiction"
        /// Part of the design, not of this version.
        case notInThisVersion = "configuration.not_in_this_version"
        /// A name given elsewhere, for example on the command line, that the file does not have.
        case unknownName = "configuration.unknown_name"
    }

    /// At least one, in the order of the file.
    package let problems: [ConfigurationProblem]

    init(_ problems: [ConfigurationProblem]) {
        precondition(!problems.isEmpty, "an error has a problem")
        self.problems = problems
    }

    /// The first problem's code.
    package var code: Code { problems[0].code }

    /// One line per problem, `FILE:LINE:COLUMN: what is wrong`.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
