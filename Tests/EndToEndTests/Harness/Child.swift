import Foundation
import Glibc
import Synchronization

/// One process that a test has started, with its output in two files.
///
/// Started with posix_spawn and a clear signal mask: threads of a test run with signals blocked, and `Process` would hand
/// that down, so that a prober or a `fleet` could never be asked to end.
final class Child: Sendable {
    /// How a process ended, and what it has said.
    struct End: Sendable, CustomStringConvertible {
        let command: String
        /// The exit code; 128 and the signal's number when one ended it.
        let code: Int32
        let output: String
        let messages: String

        var description: String {
            "\(command)\n  exit code \(code)\n\(Self.indented(output))\(Self.indented(messages))"
        }

        private static func indented(_ text: String) -> String {
            text.split(whereSeparator: \.isNewline).map { "  | \($0)\n" }.joined()
        }
    }

    /// It could not be started, or did not end in time.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    let pid: pid_t
    private let command: [String]
    private let output: String
    private let messages: String
    private let status = Mutex<Int32?>(nil)

    /// Starts a command; `log` and two endings name its files.
    init(_ command: [String], environment: [String: String] = [:], log: String) throws {
        self.command = command
        output = "\(log).out"
        messages = "\(log).err"
        pid = try Self.spawn(command, environment: environment, output: output, messages: messages)
        let thread = Thread { [self] in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
            self.status.withLock { $0 = code }
        }
        thread.start()
    }

    var isRunning: Bool { status.withLock { $0 == nil } }

    func signal(_ number: Int32) { if isRunning { kill(pid, number) } }

    /// Waits for the end; after `limit` the process is killed, which fails the test.
    func end(within limit: Duration = .seconds(120)) async throws -> End {
        let deadline = ContinuousClock.now + limit
        while isRunning {
            guard ContinuousClock.now < deadline else {
                signal(SIGKILL)
                throw Problem(description: "did not end within \(limit): \(result(code: -1))")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return result(code: status.withLock { $0 ?? -1 })
    }

    /// Waits for the end and blocks the thread, which needs no other one of the pool.
    func waitForEnd() -> End {
        while isRunning { usleep(1000) }
        return result(code: status.withLock { $0 ?? -1 })
    }

    /// What it has said so far.
    var words: (output: String, messages: String) { (Self.text(output), Self.text(messages)) }

    private func result(code: Int32) -> End {
        End(
            command: command.joined(separator: " "),
            code: code,
            output: Self.text(output),
            messages: Self.text(messages)
        )
    }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func spawn(
        _ command: [String],
        environment: [String: String],
        output: String,
        messages: String
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, messages, O_WRONLY | O_CREAT | O_TRUNC, 0o644)

        let values = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var pid: pid_t = 0
        let error = withStrings(command) { arguments in
            withStrings(values) { posix_spawnp(&pid, command[0], &files, &attributes, arguments, $0) }
        }
        guard error == 0 else {
            throw Problem(description: "\(command[0]) can't be started: \(String(cString: strerror(error)))")
        }
        return pid
    }

    private static func withStrings<Value>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies = texts.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return body(copies)
    }
}
