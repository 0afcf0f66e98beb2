/// How many of how many.
struct Proportion: Hashable, Sendable, CustomStringConvertible {
    /// 0 to `all`.
    let part: Int64
    let all: Int64

    /// 0 of nothing.
    var share: Double { all == 0 ? 0 : Double(part) / Double(all) }

    var description: String { "\(part) of \(all) (\((share * 100).shortened)%)" }
}
