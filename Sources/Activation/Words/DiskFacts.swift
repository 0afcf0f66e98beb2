package import Model

/// What a host looks like when an agent starts; nothing of it is remembered, all of it was just read.
package struct DiskFacts: Hashable, Codable, Sendable {
    package enum Stage: String, Codable, Sendable {
        /// `fleet-recover.service`: units wait for it, so links and unit files may change but nothing can be started.
        case earlyBoot
        case running
    }

    package struct Found: Hashable, Codable, Sendable {
        package let installed: InstalledRelease
        package let spec: ServiceSpec
        /// As in `Inspection`.
        package let startup: Digest?

        package init(installed: InstalledRelease, spec: ServiceSpec, startup: Digest? = nil) {
            self.installed = installed
            self.spec = spec
            self.startup = startup
        }
    }

    package let stage: Stage
    /// What the `current` link names.
    package let current: ReleaseID?
    package let previous: ReleaseID?
    /// The instance whose link names what `current` names; nil without a template.
    package let instance: InstanceName?
    /// Every readable tree in `releases/`.
    package let releases: [Found]
    /// The service's unit; nil without one.
    package let unit: UnitState?
    /// Why the agent that was being started could not be, to whoever has taken over from it.
    package let failedStart: Failure?

    package init(
        stage: Stage,
        current: ReleaseID?,
        previous: ReleaseID?,
        instance: InstanceName? = nil,
        releases: [Found],
        unit: UnitState?,
        failedStart: Failure? = nil
    ) {
        self.stage = stage
        self.current = current
        self.previous = previous
        self.instance = instance
        self.releases = releases
        self.unit = unit
        self.failedStart = failedStart
    }
}
