/// A child to run: what it gets and what is awaited of it.
struct ChildRequest: Sendable {
    enum Input: Sendable {
        case none
        case file(OpenFile)
        case feed(ChildFeed)
    }

    enum Output: Sendable {
        /// Kept in memory, up to so many bytes.
        case collected(limit: Int)
        case file(OpenFile)
        /// Handed on as it comes, on the child's thread.
        case sink(@Sendable (UnsafeRawBufferPointer) throws(ArtifactError) -> Void)
    }

    let executable: String
    let arguments: [String]
    let input: Input
    let directory: OpenFile?
    let output: Output
    /// Time until the child is told to end (TERM, and two seconds later KILL).
    let timeLimit: Duration
}
