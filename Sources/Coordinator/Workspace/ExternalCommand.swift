internal import Artifacts
internal import CLinux
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// A program of the system that is run to its end: `git`, `ssh`, an inventory.
package struct ExternalCommand: Sendable {
    /// How it ended and what it said.
    package struct Result: Sendable {
        package let status: Int32
        package let output: [UInt8]
        package let messages: String

        package var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// The program, found by PATH unless it has a slash, and its arguments.
    package var words: [String]
    package var input: [UInt8]
    /// Environment variables besides those of this process.
    package var variables: [String: String] = [:]
    /// Time until it is killed.
    package var timeLimit: Duration

    package init(_ words: [String], input: [UInt8] = [], timeLimit: Duration = .seconds(60)) {
        self.words = words
        self.input = input
        self.timeLimit = timeLimit
    }

    /// More than any answer that we ask for.
    private static let outputLimit = 16 << 20

    /// Runs it on a thread of its own; any exit status is a result.
    ///
    /// Cancellation kills it.
    package func run() async throws -> Result {
        let isCancelled = Mutex(false)
        return try await withTaskCancellationHandler {
            try await BlockingThread.run { () throws(ArtifactError) in
                Swift.Result { () throws(CoordinatorError) in
                    try self.runBlocking { isCancelled.withLock { $0 } }
                }
            }.get()
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
    }

    /// Runs it, and takes any exit status but 0 for a failure.
    package func succeed() async throws -> Result {
        let result = try await run()
        guard result.status == 0 else {
            throw CoordinatorError(
                .commandFailed,
                "'\(name)' ended with \(result.status): \(Self.tail(result.messages))"
            )
        }
        return result
    }

    private var name: String { words.prefix(2).joined(separator: " ") }

    static func tail(_ messages: String) -> String {
        let lines = messages.split(whereSeparator: \.isNewline).suffix(5)
        return lines.isEmpty ? "it said nothing" : lines.joined(separator: "; ")
    }

    private func runBlocking(until isCancelled: @escaping () -> Bool) throws(CoordinatorError) -> Result {
        var conversation = try begin()
        guard let status = conversation.finish(outputLimit: Self.outputLimit, until: isCancelled) else {
            throw CoordinatorError(.commandFailed, "'\(name)' gave no answer within \(timeLimit), or too much of it")
        }
        return Result(
            status: status,
            output: conversation.output,
            messages: String(decoding: conversation.messages, as: UTF8.self)
        )
    }

    /// Only the conversation holds our ends of the pipes: closing one there must close it.
    private func begin() throws(CoordinatorError) -> ChildConversation {
        let feed = try Self.pipe(childReads: true)
        let output = try Self.pipe(childReads: false)
        let messages = try Self.pipe(childReads: false)
        return ChildConversation(
            pid: try start([feed.child, output.child, messages.child]),
            input: input,
            ours: [feed.ours, output.ours, messages.ours],
            deadline: ContinuousClock.now + timeLimit
        )
    }

    /// Starts the child, and closes our copies of its descriptors, or it would never see their end.
    private func start(_ descriptors: [Int32]) throws(CoordinatorError) -> pid_t {
        defer { for descriptor in descriptors { close(descriptor) } }
        let environment = ProcessInfo.processInfo.environment.merging(variables) { _, ours in ours }
        let path = try locate(in: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        let pid = fleet_spawn(path, &arguments, &variables, descriptors, Int32(descriptors.count))
        guard pid > 0 else {
            throw CoordinatorError(.commandFailed, "'\(path)' can't be started: \(String(cString: strerror(-pid)))")
        }
        return pid
    }

    private func locate(in path: String) throws(CoordinatorError) -> String {
        guard let program = words.first, !program.contains("/") else { return words.first ?? "" }
        let candidates = path.split(separator: ":").map { "\($0)/\(program)" }
        guard let found = candidates.first(where: SmallFile.isExecutable) else {
            throw CoordinatorError(.commandFailed, "the program '\(program)' is not installed; install it first")
        }
        return found
    }

    /// A pipe to or from the child: our end does not block, the child's lies above the descriptors that it will have.
    private static func pipe(childReads: Bool) throws(CoordinatorError) -> (ours: OpenFile, child: Int32) {
        var ends: [Int32] = [-1, -1]
        let status = fleet_pipe(&ends)
        guard status == 0 else {
            throw CoordinatorError(.commandFailed, "pipe2: \(String(cString: strerror(-status)))")
        }
        let ours = OpenFile(owning: childReads ? ends[1] : ends[0])
        let theirs = childReads ? ends[0] : ends[1]
        defer { close(theirs) }
        let child = fcntl(theirs, F_DUPFD_CLOEXEC, 16)
        guard child >= 0, fcntl(ours.descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            throw CoordinatorError(.commandFailed, "fcntl: \(String(cString: strerror(errno)))")
        }
        return (ours, child)
    }
}
