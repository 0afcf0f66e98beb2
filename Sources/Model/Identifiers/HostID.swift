/// Name of one server; stable, unlike its address.
package struct HostID: Name {
    package static let noun = "host name"
    package static let maximumLength = 253

    package let text: String

    package init(validated text: String) { self.text = text }
}
