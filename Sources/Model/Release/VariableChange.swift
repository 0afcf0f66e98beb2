/// A variable in which one release differs from another.
package struct VariableChange: Hashable, Codable, Sendable, CustomStringConvertible {
    package let variable: String
    /// Nil where it was not there.
    package let before: VariableSource?
    /// Nil where it is gone.
    package let after: VariableSource?

    package init(_ variable: String, before: VariableSource?, after: VariableSource?) {
        self.variable = variable
        self.before = before
        self.after = after
    }

    /// `LEVEL: debug -> info`, `+ NEW: 1`, `- OLD: 0`.
    package var description: String {
        switch (before, after) {
        case (let before?, let after?): "\(variable): \(before) -> \(after)"
        case (nil, let after?): "+ \(variable): \(after)"
        case (let before?, nil): "- \(variable): \(before)"
        case (nil, nil): variable
        }
    }
}

extension Release {
    /// The variables in which it differs from a release before it, sorted by name.
    package func variableChanges(since old: Release) -> [VariableChange] {
        let (before, after) = (old.variables, variables)
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            guard before[name]?.bytes != after[name]?.bytes else { return nil }
            return VariableChange(name, before: before[name], after: after[name])
        }
    }

    /// What each variable stands for; no name stands in both lists.
    private var variables: [String: VariableSource] {
        let values = config.map { ($0.key, VariableSource.value($0.value)) }
        let credentials = secrets.map { ($0.variable, VariableSource.credential($0.credential)) }
        return Dictionary(values + credentials) { _, secret in secret }
    }
}
