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
        /// Seconds of CPU time, past which the kernel ends the process although its parent may hang.
        package var cpuSeconds: UInt64 = 1800
        /// The one restraint to take, for a test of what it forbids by itself; nil takes all.
        package var only: Restraint?

        package init() {}
    }

    /// One per level of a path and some more.
    private static let descriptors: UInt64 = 256

    /// Enters the sandbox and returns the names of the restraints that hold.
    package static func enter(_ needs: Needs) -> [String] {
        // libcrypto reads its configuration with its first digest, which it could not afterwards.
        _ = SHA256.digest(of: [])
        umask(0)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        return Restraint.allCases.filter { isTaken($0, needs) && take($0, needs) == 0 }.map(\.rawValue)
    }

    /// Landlock and seccomp are for processes alone that can't gain privileges (landlock(7), seccomp(2)).
    private static func isTaken(_ restraint: Restraint, _ needs: Needs) -> Bool {
        guard let only = needs.only else { return true }
        return restraint == only || restraint == .noNewPrivileges && [.landlock, .seccomp].contains(only)
    }

    /// 0, or a negated errno where the kernel or our rights don't allow it.
    private static func take(_ restraint: Restraint, _ needs: Needs) -> Int32 {
        switch restraint {
        case .notDumpable: fleet_not_dumpable()
        case .limits: limit(needs)
        case .noNewPrivileges: fleet_no_new_privileges()
        case .chroot: needs.directory.map { fleet_enter_root($0.descriptor) } ?? -EINVAL
        case .landlock: fleet_landlock(needs.directory?.descriptor ?? -1, access(needs))
        case .noCapabilities: fleet_drop_capabilities()
        case .seccomp: fleet_seccomp(calls(needs))
        }
    }

    private static func access(_ needs: Needs) -> fleet_tree_access {
        needs.directory == nil ? FLEET_TREE_NONE : needs.mayCreate ? FLEET_TREE_CREATE : FLEET_TREE_READ
    }

    private static func calls(_ needs: Needs) -> Int32 {
        var calls: UInt32 = 0
        if needs.directory != nil { calls |= FLEET_CALLS_FILES.rawValue }
        if needs.needsThreads { calls |= FLEET_CALLS_THREADS.rawValue }
        return Int32(calls)
    }

    /// Ties the process to its parent and drops every descriptor that it was not given.
    package static func dropInheritance() {
        _ = fleet_die_with_parent()  // a shell without this option works as well
        fleet_close_from(ToolDescriptor.report.rawValue + 1)
    }

    private static func limit(_ needs: Needs) -> Int32 {
        var limits: [(fleet_limit, UInt64)] = [
            (FLEET_LIMIT_CORE, 0),
            (FLEET_LIMIT_CPU, needs.cpuSeconds),
            (FLEET_LIMIT_DESCRIPTORS, descriptors),
            (FLEET_LIMIT_MEMORY, needs.memory),
        ]
        if let size = needs.fileSize { limits.append((FLEET_LIMIT_FILE_SIZE, size)) }
        return limits.map { fleet_set_limit(Int32($0.0.rawValue), $0.1) }.min() ?? 0
    }
}
