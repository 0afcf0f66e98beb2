/// Name of a fleet; the trust domain of its identities.
package struct FleetName: Name {
    package static let noun = "fleet name"

    package let text: String

    package init(validated text: String) { self.text = text }
}
