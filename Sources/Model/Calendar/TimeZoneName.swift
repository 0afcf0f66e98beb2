/// A time zone of the IANA database: `Europe/Berlin`, `UTC`.
package struct TimeZoneName: Name {
    package static let noun = "time zone"

    package let text: String

    package init(validated text: String) { self.text = text }

    /// Names are paths below the database, so a part may neither be empty nor lead out of it.
    package static func validate(_ text: String) throws(ModelError) {
        try validate(text, allowing: "/+")
        guard !text.hasSuffix("/"), !text.contains("//"), !text.contains("/.") else {
            let advice = "is no time zone: write a name of the IANA database, for example Europe/Berlin"
            throw ModelError(.invalidName, found: text, advice: advice)
        }
    }

    package static let utc = Self(validated: "UTC")
}
