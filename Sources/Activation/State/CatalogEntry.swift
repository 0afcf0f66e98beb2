import Model

/// A release on this host's disk, with what is known of it.
struct CatalogEntry: Hashable, Codable, Sendable {
    var installed: InstalledRelease
    var spec: ServiceSpec
    /// It was committed here: it ran and passed its checks.
    var wasHealthy: Bool
    /// A foreign unit that it replaces when it is activated for the first time.
    var adopts: UnitName?
    /// Digest of the tree's manifest as it was unpacked; nil when a lost journal forgot it.
    var manifest: Digest?
    /// Digest of what systemd reads when it starts the service; nil where that is not asked for, or was forgotten.
    var startup: Digest?

    /// The release in `instance`, where it is one of a template.
    func deployment(in instance: InstanceName?) -> Deployment {
        Deployment(id: installed.id, spec: spec, instance: spec.strategy == .blueGreen ? instance : nil)
    }
}
