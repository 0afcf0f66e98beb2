/// A part of a region that fails as one.
package struct ZoneName: Name {
    package static let noun = "zone name"

    package let text: String

    package init(validated text: String) { self.text = text }
}
