/// How a child ended and what it left.
struct ChildResult: Sendable {
    enum End: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
    }

    enum Interruption: Sendable, Hashable {
        case timeLimit
        case cancellation
        /// The sink or the bound of the output refused; the child was ended.
        case outputRefused(ArtifactError)
    }

    let end: End
    let interruption: Interruption?
    let report: [UInt8]
    let output: [UInt8]
    let messages: String
}
