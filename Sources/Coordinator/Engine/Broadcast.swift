/// One stream for each of many listeners; each hears everything from its subscription on.
actor Broadcast<Element: Sendable> {
    private var listeners: [AsyncStream<Element>.Continuation] = []
    private var isFinished = false

    func subscribe() -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(of: Element.self)
        if isFinished { continuation.finish() }
        listeners.append(continuation)
        return stream
    }

    func send(_ element: Element) {
        listeners.removeAll { listener in
            if case .terminated = listener.yield(element) { true } else { false }
        }
    }

    func finish() {
        isFinished = true
        for listener in listeners { listener.finish() }
        listeners = []
    }
}
