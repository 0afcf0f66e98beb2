/// A word that sets hosts apart, for example `internal` for those that serve one's own people.
package struct HostLabel: Name {
    package static let noun = "label"

    package let text: String

    package init(validated text: String) { self.text = text }
}
