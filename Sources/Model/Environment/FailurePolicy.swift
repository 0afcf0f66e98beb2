/// What happens when failures exceed the budget.
package enum FailurePolicy: String, Codable, Sendable, CaseIterable {
    /// All changed hosts go back, keeping the floor.
    case rollback
    /// Nothing more starts; a person decides.
    case pause
}
