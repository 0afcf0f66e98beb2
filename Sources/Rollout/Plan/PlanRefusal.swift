/// Why no plan can be made, with the numbers and what to write instead.
package struct PlanRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case noHosts = "plan.no_hosts"
        case unknownHost = "plan.unknown_host"
        case repeatedHost = "plan.repeated_host"
        case floorUnreachable = "plan.floor_unreachable"
        case emptyStage = "plan.empty_stage"
        case unknownGate = "plan.unknown_gate"
        case needsApproval = "plan.needs_approval"
        case nothingToCompare = "plan.nothing_to_compare"
        case shortBake = "plan.short_bake"
    }

    package let code: Code
    /// What was found, with the numbers.
    package let found: String
    /// What to do, shown to the operator as it stands.
    package let advice: String

    package var description: String { "\(found); \(advice) [\(code.rawValue)]" }
}
