package import Artifacts
import CLinux
import Glibc

/// Tries from inside the sandbox what an attacker would, so that tests see what holds.
///
/// Each attempt is chosen so that its errno tells who refused it: the filter answers EPERM before it looks at arguments.
package enum SandboxProbe {
    private struct Attempt {
        let name: String
        /// At least 0 when it succeeded, or a negated errno.
        let perform: () -> Int32

        init(_ name: String, _ perform: @escaping () -> Int32) {
            self.name = name
            self.perform = perform
        }
    }

    /// Largest file that the self-test may write, in bytes.
    package static let fileSize: UInt64 = 1 << 20

    /// O_TMPFILE (open(2)), which Swift doesn't see: a file that leaves nothing behind.
    private static let unnamedFile: Int32 = 0o20200000
    private static let file = Array("fleet-unpack-probe".utf8)
    /// More than the sandbox allows, and far below what a shell does.
    private static let manyFiles = 300

    /// Lines of `what: allowed` or `what: refused (errno)`.
    package static func run(in directory: OpenFile) -> [String] {
        (network + processes + kernel + privileges(directory) + files(directory) + limits(directory)).map { attempt in
            let result = attempt.perform()
            return result < 0 ? "\(attempt.name): refused (\(-result))" : "\(attempt.name): allowed"
        }
    }

    private static var network: [Attempt] {
        [
            Attempt("sockets of every family") {
                // AF_MAX is 46 so far. One family that is answered otherwise than by the filter is one too many.
                let answers = (0..<64).map { fleet_try_call(Int(SYS_socket), $0, Int(SOCK_DGRAM.rawValue), 0) }
                return answers.first { $0 != -EPERM } ?? -EPERM
            },
            Attempt("socket pair") { fleet_try_call(Int(SYS_socketpair), Int(AF_UNIX), 1, 0) },
            Attempt("io_uring") { fleet_try_call(425, 1, 0, 0) },
        ]
    }

    private static var processes: [Attempt] {
        [
            // A directory is never executed, so a permitted attempt ends as EACCES and not this process.
            Attempt("exec") { outcome(execv("/", [nil])) },
            Attempt("fork") { fleet_try_fork() },
            Attempt("thread") { attemptThread() },
            Attempt("signal another process") { outcome(kill(getppid(), 0)) },
            // Looks only: one that attached would stop the parent. Without the filter it is ESRCH.
            Attempt("trace another process") { fleet_try_call(Int(SYS_ptrace), 1, Int(getppid()), 0) },
            Attempt("read another's memory") { fleet_try_call(Int(SYS_process_vm_readv), Int(getppid()), 0, 0) },
            Attempt("executable memory") {
                let flags = MAP_PRIVATE | MAP_ANONYMOUS
                let address = mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0)
                return address == MAP_FAILED ? -errno : 0
            },
            Attempt("file in memory") { fleet_try_call(Int(SYS_memfd_create), 0, 0, 0) },
        ]
    }

    /// Calls that nobody needs who unpacks, with arguments that would be refused as such.
    private static var kernel: [Attempt] {
        let calls: [(String, Int32)] = [
            ("mount", SYS_mount), ("namespaces", SYS_unshare), ("BPF", SYS_bpf), ("keys", SYS_keyctl),
            ("performance events", SYS_perf_event_open), ("files by handle", SYS_open_by_handle_at),
            ("user faults", SYS_userfaultfd), ("kernel modules", SYS_init_module),
        ]
        return calls.map { name, number in Attempt(name) { fleet_try_call(Int(number), -1, 0, 0) } }
    }

    private static func privileges(_ directory: OpenFile) -> [Attempt] {
        [
            Attempt("capabilities") { fleet_try_capabilities() },
            Attempt("device") {
                let result = withCString(file) { mknodat(directory.descriptor, $0, S_IFCHR | 0o600, 0x103) }
                guard result == 0 else { return -errno }
                return outcome(withCString(file) { unlinkat(directory.descriptor, $0, 0) })
            },
            Attempt("change owner") { outcome(fchown(STDERR_FILENO, 1, 1)) },
            Attempt("new privileges") {
                let held = fleet_try_call(Int(SYS_prctl), Int(PR_GET_NO_NEW_PRIVS), 0, 0)
                return held == 0 ? 0 : -EPERM
            },
            Attempt("core dumps") {
                let isDumpable = fleet_try_call(Int(SYS_prctl), Int(PR_GET_DUMPABLE), 0, 0)
                return isDumpable == 1 ? 0 : -EPERM
            },
        ]
    }

    private static func files(_ directory: OpenFile) -> [Attempt] {
        let above = Array(repeating: "..", count: 20).joined(separator: "/") + "/etc/passwd"
        return [
            Attempt("read outside") { outcome(open("/etc/passwd", O_RDONLY)) },
            Attempt("read above") { outcome(openat(directory.descriptor, above, O_RDONLY)) },
            Attempt("write outside") { outcome(open("/tmp", unnamedFile | O_WRONLY, 0o600)) },
            // What it is there for, so that it shows whether the others were refused for what they are.
            Attempt("write inside") {
                outcome(withCString(file) { openat(directory.descriptor, $0, O_WRONLY | O_CREAT, 0o600) })
            },
        ]
    }

    private static func limits(_ directory: OpenFile) -> [Attempt] {
        [
            Attempt("memory beyond the limit") {
                let size = Int(Sandbox.Needs().memory)
                let address = mmap(
                    nil,
                    size,
                    PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                    -1,
                    0
                )
                return address == MAP_FAILED ? -errno : 0
            },
            Attempt("file beyond the limit") {
                let descriptor = withCString(file) { openat(directory.descriptor, $0, O_WRONLY | O_CREAT, 0o600) }
                guard descriptor >= 0 else { return -errno }
                defer { close(descriptor) }
                return outcome(Int32(clamping: pwrite(descriptor, [0], 1, off_t(fileSize))))
            },
            Attempt("open files beyond the limit") {
                var opened: [Int32] = []
                defer { for descriptor in opened { close(descriptor) } }
                for _ in 0..<manyFiles {
                    let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
                    guard descriptor >= 0 else { return -errno }
                    opened.append(descriptor)
                }
                return 0
            },
        ]
    }

    private static func attemptThread() -> Int32 {
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { _ in nil }, nil)
        guard status == 0 else { return -status }
        pthread_join(thread, nil)
        return 0
    }

    private static func outcome(_ result: Int32) -> Int32 { result < 0 ? -errno : result }
}
