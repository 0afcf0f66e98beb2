/// Messages for one receiver, who takes all that have come at once.
///
/// Taking them together is what lets the events of one turn share one fsync.
actor Mailbox<Message: Sendable> {
    private var messages: [Message] = []
    private var receiver: CheckedContinuation<Void, Never>?
    private var isClosed = false

    func post(_ message: Message) {
        guard !isClosed else { return }
        messages.append(message)
        wake()
    }

    /// Lets the receiver end once it has taken what is there.
    func close() {
        isClosed = true
        wake()
    }

    /// Waits for messages and takes all; nil when closed and empty, or when the receiver is cancelled.
    ///
    /// For one receiver only.
    func take() async -> [Message]? {
        while messages.isEmpty, !isClosed, !Task.isCancelled {
            await withTaskCancellationHandler {
                await withCheckedContinuation { receiver = $0 }
            } onCancel: {
                // Runs on this actor, so after the receiver waits.
                Task { await self.wake() }
            }
        }
        guard !messages.isEmpty else { return nil }
        defer { messages = [] }
        return messages
    }

    private func wake() {
        receiver?.resume()
        receiver = nil
    }
}
