/// Name of a systemd unit with its suffix, as in systemd.unit(5).
package struct UnitName: Name {
    package static let noun = "systemd unit name"
    package static let maximumLength = 255

    /// The unit types that a release may bring.
    package static let suffixes = [".service", ".socket", ".timer", ".path", ".target"]

    package let text: String

    package init(validated text: String) { self.text = text }

    /// Whether it is a template, of which instances run and not the unit itself.
    package var isTemplate: Bool { text.contains("@.") }

    /// A template's unit for `instance`; of any other unit, that unit.
    package func instance(_ instance: InstanceName) -> UnitName {
        UnitName(validated: text.replacing("@.", with: "@\(instance)."))
    }

    package static func validate(_ text: String) throws(ModelError) {
        try validate(text, allowing: ":@\\")
        guard suffixes.contains(where: text.hasSuffix) else {
            throw ModelError(
                .invalidName,
                found: text,
                advice: "is no unit that Fleet manages: it must end in \(suffixes.joined(separator: ", "))"
            )
        }
    }
}
