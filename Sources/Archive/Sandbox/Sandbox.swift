package import Artifacts
import CLinux
import Glibc
import Trust

/// What `fleet-unpack` gives up before it reads a byte that others made.
///
/// Must run before any other thread exists: Landlock and seccomp bind the calling thread and what it starts. Each restraint
/// is taken where the kernel and our rights allow it, and the names of those that hold go into the report; a host demands
/// those of `Restraint.required`. The user stays who it is: the tree must belong to root, and without capabilities root is an owner like any other.
package enum Sandbox {
    package struct Needs {
        /// The one directory that stays reachable.
        package var directory: OpenFile?
        package var mayCreate = false
        package var needsThreads = false
        /// Bytes of address space.
        package var memory: UInt64 = 1 << 30
        /// Largest file that may be written, in bytes.
        package var fileSize: UInt64?

        package init() {}
    }

    /// Seconds of CPU time; the parent's own deadline comes earlier.
    private static let cpuSeconds: UInt64 = 1800
    /// One per level of a path and some more.
    private static let descriptors: UInt64 = 256

    /// Enters the sandbox and returns the names of the restraints that hold.
    package static func enter(_ needs: Needs) -> [String] {
        // libcrypto reads its configuration with its first digest, which it could not afterwards.
        _ = SHA256.digest(of: [])
        umask(0)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        var steps: [(restraint: Restraint, status: Int32)] = []
        steps.append((.notDumpable, fleet_not_dumpable()))
        steps.append((.limits, limit(needs)))
        steps.append((.noNewPrivileges, fleet_no_new_privileges()))
        if let directory = needs.directory { steps.append((.chroot, fleet_enter_root(directory.descriptor))) }
        let access: fleet_tree_access =
            needs.directory == nil ? FLEET_TREE_NONE : needs.mayCreate ? FLEET_TREE_CREATE : FLEET_TREE_READ
        steps.append((.landlock, fleet_landlock(needs.directory?.descriptor ?? -1, access)))
        steps.append((.noCapabilities, fleet_drop_capabilities()))
        var calls: UInt32 = 0
        if needs.directory != nil { calls |= FLEET_CALLS_FILES.rawValue }
        if needs.needsThreads { calls |= FLEET_CALLS_THREADS.rawValue }
        steps.append((.seccomp, fleet_seccomp(Int32(calls))))
        return steps.filter { $0.status == 0 }.map(\.restraint.rawValue)
    }

    /// Ties the process to its parent and drops every descriptor that it was not given.
    package static func dropInheritance() {
        _ = fleet_die_with_parent()  // a shell without this option works as well
        fleet_close_from(ToolDescriptor.report.rawValue + 1)
    }

    private static func limit(_ needs: Needs) -> Int32 {
        var limits: [(fleet_limit, UInt64)] = [
            (FLEET_LIMIT_CORE, 0),
            (FLEET_LIMIT_CPU, cpuSeconds),
            (FLEET_LIMIT_DESCRIPTORS, descriptors),
            (FLEET_LIMIT_MEMORY, needs.memory),
        ]
        if let size = needs.fileSize { limits.append((FLEET_LIMIT_FILE_SIZE, size)) }
        return limits.map { fleet_set_limit(Int32($0.0.rawValue), $0.1) }.min() ?? 0
    }
}
