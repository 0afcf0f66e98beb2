internal import Model

/// The units of one release, ready to be installed.
struct UnitSet: Hashable {
    let service: ServiceName
    /// Unit files that the release brings.
    let files: [File]
    /// Units that get the drop-in: those above, or an existing one.
    let managed: [UnitName]
    /// What systemd reads them as: of a template its instances.
    let loaded: [UnitName]
    let secrets: [SecretReference]

    struct File: Hashable {
        let unit: UnitName
        let content: [UInt8]
    }
}
