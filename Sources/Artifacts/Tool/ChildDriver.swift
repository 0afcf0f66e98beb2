import CLinux
import Glibc

/// Runs one child on the calling thread: feeds it, reads it, bounds its time, reaps it.
///
/// The thread must live as long as the child, which asks the kernel to be killed when its parent's thread ends.
struct ChildDriver {
    private static let graceNanoseconds: Int64 = 2_000_000_000
    private static let textLimit = 64 << 10

    private let request: ChildRequest
    private let wake: WakeSignal
    private let cancellation: CancellationFlag
    private var pid: pid_t = 0
    private var process: OpenFile?
    private var input: OpenFile?
    private var outputs: [ToolDescriptor: OpenFile] = [:]
    private var texts: [ToolDescriptor: [UInt8]] = [:]
    private var interruption: ChildResult.Interruption?
    private var killDeadline: Int64?

    /// Starts the child and returns when it has ended.
    static func run(
        _ request: ChildRequest,
        wake: WakeSignal,
        cancellation: CancellationFlag
    ) throws(ArtifactError) -> ChildResult {
        var driver = Self(request, wake: wake, cancellation: cancellation)
        defer { if case .feed(let feed) = request.input { feed.close() } }
        try driver.start()
        return driver.awaitEnd()
    }

    private init(_ request: ChildRequest, wake: WakeSignal, cancellation: CancellationFlag) {
        self.request = request
        self.wake = wake
        self.cancellation = cancellation
    }

    private mutating func start() throws(ArtifactError) {
        var sources = [OpenFile?](repeating: nil, count: ToolDescriptor.allCases.count)
        switch request.input {
        case .none: break
        case .file(let file): sources[0] = file
        case .feed: (sources[0], input) = try Self.pipe()
        }
        switch request.output {
        case .file(let file): sources[1] = file
        case .collected, .sink: (outputs[.output], sources[1]) = try Self.pipe()
        }
        (outputs[.messages], sources[2]) = try Self.pipe()
        sources[3] = request.directory
        (outputs[.report], sources[4]) = try Self.pipe()
        try spawn(sources)
        for file in [input] + outputs.values.map({ $0 }) {
            guard let file else { continue }
            _ = fcntl(file.descriptor, F_SETFL, O_NONBLOCK)
        }
    }

    /// Moves the sources above the child's own descriptors first, so that no `dup2` overwrites one still needed.
    private mutating func spawn(_ sources: [OpenFile?]) throws(ArtifactError) {
        var moved: [OpenFile?] = []
        for source in sources {
            guard let source else {
                moved.append(nil)
                continue
            }
            let descriptor = fcntl(source.descriptor, F_DUPFD_CLOEXEC, 16)
            guard descriptor >= 0 else { throw .system("fcntl", request.executable) }
            moved.append(OpenFile(owning: descriptor))
        }
        let numbers = moved.map { $0?.descriptor ?? -1 }
        var arguments = Self.cStrings([request.executable] + request.arguments)
        var environment = Self.cStrings(["LC_ALL=C", "PATH=/nonexistent", "SWIFT_BACKTRACE=enable=no"])
        defer { for text in arguments + environment { free(text) } }
        let count = Int32(numbers.count)
        pid = fleet_spawn(request.executable, &arguments, &environment, numbers, count)
        guard pid > 0 else {
            let advice = "can't be started: \(String(cString: strerror(-pid))); install the package fleet-agent again"
            throw ArtifactError(.toolMissing, path: request.executable, advice)
        }
        let descriptor = fleet_pidfd_open(pid)
        process = descriptor >= 0 ? OpenFile(owning: descriptor) : nil
    }

    private mutating func awaitEnd() -> ChildResult {
        let limit = request.timeLimit.components
        let deadline = Self.now() + limit.seconds * 1_000_000_000 + limit.attoseconds / 1_000_000_000
        var hasEnded = false
        while !(hasEnded && outputs.isEmpty) {
            interruptIfDue(deadline)
            let ready = poll(until: killDeadline ?? deadline, hasEnded: hasEnded)
            if ready.contains(wake.file.descriptor) { wake.clear() }
            feed()
            for (name, file) in outputs where ready.contains(file.descriptor) { read(name, file) }
            if let process, ready.contains(process.descriptor) { hasEnded = true }
            // Without pidfd_open the closed pipes say that the child is about to end.
            if process == nil, outputs.isEmpty { hasEnded = true }
        }
        input = nil
        let status = fleet_wait(pid, 1)
        return ChildResult(
            end: status >= 1000 ? .signalled(status - 1000) : .exited(status),
            interruption: interruption,
            report: texts[.report] ?? [],
            output: texts[.output] ?? [],
            messages: String(decoding: (texts[.messages] ?? []).suffix(2000), as: UTF8.self)
        )
    }

    private mutating func interruptIfDue(_ deadline: Int64) {
        if let killDeadline {
            if Self.now() >= killDeadline { kill(-pid, SIGKILL) }
        } else if cancellation.isSet {
            interrupt(.cancellation)
        } else if Self.now() >= deadline {
            interrupt(.timeLimit)
        }
    }

    private mutating func interrupt(_ reason: ChildResult.Interruption) {
        guard interruption == nil else { return }
        interruption = reason
        kill(-pid, SIGTERM)
        killDeadline = Self.now() + Self.graceNanoseconds
    }

    /// The descriptors that are ready, or none once `deadline` has passed.
    private func poll(until deadline: Int64, hasEnded: Bool) -> Set<Int32> {
        var entries = [pollfd(fd: wake.file.descriptor, events: Int16(POLLIN), revents: 0)]
        if let process, !hasEnded { entries.append(pollfd(fd: process.descriptor, events: Int16(POLLIN), revents: 0)) }
        for file in outputs.values { entries.append(pollfd(fd: file.descriptor, events: Int16(POLLIN), revents: 0)) }
        if let input, case .feed(let feed) = request.input, feed.hasBytes {
            entries.append(pollfd(fd: input.descriptor, events: Int16(POLLOUT), revents: 0))
        }
        // After the kill only the kernel's own work is awaited, so a second look every second is enough.
        let wait = max(0, min((deadline - Self.now() + 999_999) / 1_000_000, 3_600_000))
        let timeout = wait == 0 && killDeadline != nil ? 1000 : wait
        guard Glibc.poll(&entries, nfds_t(entries.count), Int32(timeout)) > 0 else { return [] }
        return Set(entries.filter { $0.revents != 0 }.map(\.fd))
    }

    private mutating func feed() {
        guard let input, case .feed(let feed) = request.input else { return }
        var isBroken = false
        feed.drain { bytes in
            let count = write(input.descriptor, bytes.baseAddress, bytes.count)
            if count < 0, errno != EAGAIN, errno != EINTR { isBroken = true }
            return max(0, count)
        }
        if isBroken { feed.close() }
        if isBroken || feed.isAtEnd { self.input = nil }
    }

    private mutating func read(_ name: ToolDescriptor, _ file: OpenFile) {
        withUnsafeTemporaryAllocation(byteCount: 256 << 10, alignment: 4096) { buffer in
            let count = Glibc.read(file.descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            guard count > 0 else {
                outputs[name] = nil
                return
            }
            do throws(ArtifactError) {
                try accept(UnsafeRawBufferPointer(rebasing: buffer[..<count]), from: name)
            } catch {
                interrupt(.outputRefused(error))
            }
        }
    }

    private mutating func accept(_ bytes: UnsafeRawBufferPointer, from name: ToolDescriptor) throws(ArtifactError) {
        guard interruption == nil || name != .output else { return }
        var limit = Self.textLimit
        if name == .output {
            switch request.output {
            case .file: return
            case .sink(let sink): return try sink(bytes)
            case .collected(let maximum): limit = maximum
            }
        }
        guard (texts[name]?.count ?? 0) + bytes.count <= limit else {
            throw ArtifactError(
                .tooManyBytes,
                "fleet-unpack wrote more than the \(limit) bytes that its \(name) may have"
            )
        }
        texts[name, default: []] += bytes
    }

    /// NULL-terminated, each text to be freed by the caller.
    private static func cStrings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }

    private static func pipe() throws(ArtifactError) -> (read: OpenFile, write: OpenFile) {
        var ends: [Int32] = [-1, -1]
        let status = fleet_pipe(&ends)
        guard status == 0 else { throw .system("pipe2", nil, errno: -status) }
        return (OpenFile(owning: ends[0]), OpenFile(owning: ends[1]))
    }

    /// Nanoseconds of CLOCK_MONOTONIC.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
