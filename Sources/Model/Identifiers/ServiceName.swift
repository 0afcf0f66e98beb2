/// Name of one thing that is deployed.
package struct ServiceName: Name {
    package static let noun = "service name"

    package let text: String

    package init(validated text: String) { self.text = text }
}
