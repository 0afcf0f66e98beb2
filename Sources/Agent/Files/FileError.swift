internal import Glibc
package import Model

/// Why a file operation failed: what was tried, on which path, and the system's own reason.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system call or step: `renameat2`, `fsync`.
    package let operation: String
    package let path: String
    /// As in errno(3).
    package let errno: CInt

    package var description: String { "\(operation) \(path): \(String(cString: strerror(errno)))" }

    /// The calling thread's last error.
    static func last(_ operation: String, _ path: String) -> Self {
        Self(operation: operation, path: path, errno: Glibc.errno)
    }

    /// Whether another process holds a lock that was tried.
    var isLocked: Bool { operation == "flock" && errno == EWOULDBLOCK }

    /// What an operator is told.
    package var failure: Failure {
        switch errno {
        case ENOSPC, EDQUOT: Failure(.diskFull, "\(self); free some space, then retry")
        default: Failure(.internalError, "\(self); look at the host's disk and mounts, then retry")
        }
    }
}
