/// A group of zones whose hosts change together.
package struct RegionName: Name {
    package static let noun = "region name"

    package let text: String

    package init(validated text: String) { self.text = text }
}
