/// Where a service's systemd unit comes from.
package enum UnitSource: Hashable, Codable, Sendable {
    /// A unit file in the artifact, installed for this release and put back on rollback.
    case file(RelativePath)
    /// A unit that somebody else installed; Fleet only stops and starts it.
    case existing(UnitName)
    /// No unit: strategy `none`, files only.
    case absent

    /// The unit's name, or nil without a unit or when the file's name is none.
    package var unitName: UnitName? {
        switch self {
        case .file(let path): UnitName(path.name)
        case .existing(let name): name
        case .absent: nil
        }
    }
}
