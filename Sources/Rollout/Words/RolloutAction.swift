package import Model

/// What the coordinator must do now, in this order, after the state is stored.
package enum RolloutAction: Hashable, Codable, Sendable {
    /// Send to a connected host. The same id is sent again after a reconnect or restart; hosts perform it once.
    case send(host: Int, id: RequestID, HostAsk)
    /// Write the order with the wall clock, keep its bytes, ask people for their approval, and say so with `asked`.
    case askApproval(epoch: Epoch)
    /// Have a gate judged, within its own time, and say so with `judged`; a coordinator that is started anew is asked anew.
    case judge(GateQuestion)
    case startTimer(TimerID, TimeSpan)
    case cancelTimer(TimerID)
    /// For the operator's view and the log; decides nothing.
    case announce(Announcement)
    /// Paused and nothing moves any more: an embedded coordinator may exit with the outcome `paused`.
    case stand(RolloutSummary)
    /// The end; no further event changes anything.
    case conclude(RolloutSummary)
}
