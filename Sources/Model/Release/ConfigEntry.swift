/// One environment variable of a release.
package struct ConfigEntry: Hashable, Codable, Sendable {
    /// `[A-Za-z_][A-Za-z0-9_]*`, as environment.d(5) demands.
    package let key: String
    package let value: String

    /// Takes a variable that an EnvironmentFile can carry.
    ///
    /// - Throws: `ModelError` for a key that is no variable name, or a value with NUL or a line break.
    package init(key: String, value: String) throws(ModelError) {
        let bytes = Array(key.utf8)
        let isName = bytes.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x5F } && bytes.first.map { $0 > 0x39 } == true
        guard isName else {
            throw ModelError(
                .invalidName,
                found: key,
                advice: "is no environment variable: use letters, digits and '_', not starting with a digit"
            )
        }
        guard !value.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
            throw ModelError(.invalidName, found: key, advice: "has a value with a line break or NUL: use one line")
        }
        self.key = key
        self.value = value
    }

    /// What arrives from elsewhere is held to the same rules.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            key: container.decode(String.self, forKey: .key),
            value: container.decode(String.self, forKey: .value)
        )
    }
}
