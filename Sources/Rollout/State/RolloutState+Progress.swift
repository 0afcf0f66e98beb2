extension RolloutState {
    /// Whether nothing has been done about it yet.
    package var isNew: Bool { phase == .planned }
}
