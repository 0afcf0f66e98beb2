/// Why a text or number is not the value it should be.
package struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case invalidName = "model.invalid_name"
        case invalidDigest = "model.invalid_digest"
        case invalidQuantity = "model.invalid_quantity"
        case invalidTime = "model.invalid_time"
        case invalidPath = "model.invalid_path"
        case invalidPlan = "model.invalid_plan"
    }

    package let code: Code
    /// What was found.
    package let found: String
    /// What was expected and what to do, shown to the operator as it stands.
    package let advice: String

    package init(_ code: Code, found: String, advice: String) {
        self.code = code
        self.found = found
        self.advice = advice
    }

    package var description: String { "'\(found)' \(advice) [\(code.rawValue)]" }
}
