/// A person or machine that gives orders to a fleet.
package struct OperatorName: Name {
    package static let noun = "operator name"
    package static let maximumLength = 128

    package let text: String

    package init(validated text: String) { self.text = text }

    package static func validate(_ text: String) throws(ModelError) {
        try validate(text, allowing: "@+")
    }
}
