import CLinux

/// What `fleet-unpack` gives up before it reads a byte that others made, by the names in its report, in the order taken.
package enum Restraint: String, Sendable, CaseIterable {
    case notDumpable = "not-dumpable"
    case limits
    case noNewPrivileges = "no-new-privileges"
    /// Only with the right to change the root.
    case chroot
    /// Only where the kernel has it.
    case landlock
    case noCapabilities = "no-capabilities"
    case seccomp

    /// Those without which nothing is unpacked on a host.
    ///
    /// Asks the kernel for Landlock, so it must be called before the sandbox forbids the question.
    package static var required: [Self] {
        let always = [limits, noNewPrivileges, noCapabilities, seccomp]
        return fleet_landlock_version() > 0 ? always + [landlock] : always
    }

    /// - Throws: `ArtifactError` that names the required ones that don't hold.
    package static func require(_ required: [Self], among held: [String]) throws(ArtifactError) {
        let missing = required.map(\.rawValue).filter { !held.contains($0) }
        guard !missing.isEmpty else { return }
        throw ArtifactError(
            .unconfined,
            "fleet-unpack could not confine itself (without: \(missing.joined(separator: ", "))), so no archive is opened: "
                + "allow its system calls as the packaged agent.service does, in the unit and in a container around it"
        )
    }
}
