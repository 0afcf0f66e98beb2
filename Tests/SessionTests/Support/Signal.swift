/// Something that happens once, and those who wait for it.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream<Void>.makeStream() }

    func send() { continuation.finish() }

    func wait() async {
        for await _ in stream {}
        continuation.finish()
    }
}
