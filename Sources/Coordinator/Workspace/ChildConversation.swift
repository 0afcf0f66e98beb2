internal import Artifacts
internal import CLinux
internal import Glibc

/// Feeds one child process and reads it to its end, on the calling thread.
struct ChildConversation {
    private let pid: pid_t
    private var rest: ArraySlice<UInt8>
    /// Its standard input, output and error; nil once closed.
    private var ours: [OpenFile?]
    private let deadline: ContinuousClock.Instant
    private(set) var output: [UInt8] = []
    private(set) var messages: [UInt8] = []

    /// Enough to say what went wrong.
    private static let messagesLimit = 256 << 10
    /// Milliseconds until it is asked again whether time is over, or nobody waits any more.
    private static let glance: Int32 = 100

    init(pid: pid_t, input: [UInt8], ours: [OpenFile?], deadline: ContinuousClock.Instant) {
        self.pid = pid
        rest = input[...]
        self.ours = ours
        self.deadline = deadline
        if input.isEmpty { self.ours[0] = nil }
    }

    /// Its exit status; nil when it was killed because it took too long or said too much, or nobody waits for it.
    mutating func finish(outputLimit: Int, until isCancelled: () -> Bool) -> Int32? {
        while ours[1] != nil || ours[2] != nil {
            guard ContinuousClock.now < deadline, output.count <= outputLimit, !isCancelled() else {
                kill(-pid, SIGKILL)
                _ = fleet_wait(pid, 1)
                return nil
            }
            exchange()
        }
        ours = []
        let status = fleet_wait(pid, 1)
        // As shells tell of a signal.
        return status >= 1000 ? 128 + status - 1000 : status
    }

    private mutating func exchange() {
        var entries = ours.enumerated().map { index, file in
            pollfd(fd: file?.descriptor ?? -1, events: Int16(index == 0 ? POLLOUT : POLLIN), revents: 0)
        }
        guard poll(&entries, nfds_t(entries.count), Self.glance) > 0 else { return }
        if entries[0].revents != 0 { feed() }
        if entries[1].revents != 0 { output += read(1) }
        if entries[2].revents != 0 {
            messages += read(2)
            messages = Array(messages.suffix(Self.messagesLimit))
        }
    }

    private mutating func feed() {
        guard let file = ours[0] else { return }
        let count = rest.withUnsafeBytes { write(file.descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        // A child that does not want its input says by its status what it thinks of it.
        rest = count > 0 ? rest.dropFirst(count) : []
        if rest.isEmpty { ours[0] = nil }
    }

    private mutating func read(_ index: Int) -> [UInt8] {
        guard let file = ours[index] else { return [] }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(file.descriptor, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return [] }
        if count <= 0 { ours[index] = nil }
        return Array(buffer.prefix(max(0, count)))
    }
}
