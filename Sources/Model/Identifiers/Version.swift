/// A release's version as its makers call it; compared only for equality, never for order.
package struct Version: Name {
    package static let noun = "version"
    package static let maximumLength = 128

    package let text: String

    package init(validated text: String) { self.text = text }
}
