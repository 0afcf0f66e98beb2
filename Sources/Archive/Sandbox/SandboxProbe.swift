import CLinux
import Glibc

/// Tries from inside the sandbox what an attacker would, so that a test and `fleet doctor` see what holds.
package enum SandboxProbe {
    /// Lines of `what: allowed` or `what: refused (errno)`.
    package static func run() -> [String] {
        let attempts: [(name: String, attempt: () -> Int32)] = [
            ("socket", { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }),
            ("read /etc/passwd", { open("/etc/passwd", O_RDONLY) }),
            ("write /tmp", { open("/tmp/fleet-unpack-probe", O_WRONLY | O_CREAT, 0o600) }),
            ("exec", { attemptExecution() }),
            ("fork", { fleet_try_fork() }),
            ("signal another process", { kill(getppid(), 0) }),
            ("device", { mknodat(AT_FDCWD, "fleet-unpack-probe", S_IFCHR | 0o600, 0x103) }),
            ("change owner", { fchown(STDERR_FILENO, 1, 1) }),
            ("executable memory", { attemptExecutableMemory() }),
        ]
        return attempts.map { name, attempt in
            attempt() < 0 ? "\(name): refused (\(errno))" : "\(name): allowed"
        }
    }

    private static func attemptExecution() -> Int32 {
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/true"), nil]
        defer { free(arguments[0]) }
        return execv("/bin/true", &arguments)
    }

    private static func attemptExecutableMemory() -> Int32 {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        let address = mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0)
        return address == MAP_FAILED ? -1 : 0
    }
}
