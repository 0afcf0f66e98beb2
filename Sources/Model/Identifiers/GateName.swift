/// What an environment calls one of its gates.
package struct GateName: Name {
    package static let noun = "gate name"

    package let text: String

    package init(validated text: String) { self.text = text }
}
