internal import Model

/// An order as it travels; the same bytes for every host of its plan.
struct WrittenOrder: Sendable {
    let epoch: Epoch
    let at: WallTime
    let prepare: PrepareOrder
    let artifact: Artifact
    /// Of the order's bytes, where people have approved them.
    var digest: Digest?
    /// Past it only hosts that were away take the order.
    var startBy: WallTime?

    /// How long it is sent again; short beside the time in which a host must accept it.
    static let lifetime = TimeSpan.minutes(1)
}
