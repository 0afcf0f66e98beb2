/// Where releases run: staging, production.
package struct EnvironmentName: Name {
    package static let noun = "environment name"

    package let text: String

    package init(validated text: String) { self.text = text }
}
