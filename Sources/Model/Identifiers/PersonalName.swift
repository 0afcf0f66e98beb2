/// Whether two names are one person's, as far as names can tell.
///
/// A person signs as `alice`, asks for rollouts as `alice@laptop` and is listed as `alice@example.com`: what stands before
/// the `@` counts, in any case. Two people of the same local part count as one, which demands more of them, never less.
package enum PersonalName {
    /// What stands for the person in comparisons.
    package static func key(_ name: String) -> String { String(name.prefix { $0 != "@" }).lowercased() }

    package static func isSame(_ one: String, _ other: String) -> Bool { key(one) == key(other) }

    /// How many different people these are.
    package static func count(_ names: [String]) -> Int { Set(names.map(key)).count }
}
