/// Name of one instance of a template unit, often its port: what stands between `@` and the suffix, and what `%i` is.
package struct InstanceName: Name {
    package static let noun = "instance name"
    package static let maximumLength = 32

    package let text: String

    package init(validated text: String) { self.text = text }

    /// Only what systemd takes as it is (systemd.unit(5), "String Escaping for Inclusion in Unit Names").
    package static func validate(_ text: String) throws(ModelError) {
        let isPlain = text.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") }
        guard 1...maximumLength ~= text.utf8.count, isPlain else {
            let advice = "is no \(noun): write 1 to \(maximumLength) letters, digits and '_', for example a port"
            throw ModelError(.invalidName, found: text, advice: advice)
        }
    }
}
