package import Model

/// What the shell found when it looked at an unpacked release and at the host it shall run on.
package struct Inspection: Hashable, Codable, Sendable {
    package enum Unit: String, Codable, Sendable {
        /// No unit of that name is installed.
        case absent
        /// Installed by Fleet.
        case ours
        /// Installed by somebody else.
        case foreign
    }

    package let spec: ServiceSpec
    /// State of the unit that the spec names.
    package let unit: Unit
    /// Credentials that the release names and the host does not have.
    package let missingCredentials: [String]
    /// Files and directories that the unit or a hook needs and the host does not have.
    package let missingFiles: [String]
    /// Digest of the tree's manifest; kept, so that an edited manifest is noticed.
    package let manifest: Digest?
    /// Digest of everything that systemd reads when it starts what may be reloaded: unit files, variables, credentials' names.
    ///
    /// A process that goes on would not get what has changed of it.
    package let startup: Digest?

    package init(
        spec: ServiceSpec,
        unit: Unit,
        missingCredentials: [String] = [],
        missingFiles: [String] = [],
        manifest: Digest? = nil,
        startup: Digest? = nil
    ) {
        self.spec = spec
        self.unit = unit
        self.missingCredentials = missingCredentials
        self.missingFiles = missingFiles
        self.manifest = manifest
        self.startup = startup
    }
}
