internal import Configuration
internal import Glibc
internal import Model

/// Puts a release's unit files into systemd's directory, and takes them out again.
///
/// Files are copied, never linked into the release, so systemd can load them whatever becomes of the tree. Each starts
/// with a marker line; a file without it is somebody else's and is never overwritten unless it is adopted.
struct UnitInstaller {
    let paths: AgentPaths

    /// The drop-in that every managed unit carries, named so that an operator's own drop-ins come after it.
    static let dropInName = "10-fleet.conf"
    private static let marker = "# Installed by Fleet for service"

    /// What stands in `paths.units` under a unit's name.
    enum Occupant: Hashable {
        case nothing
        case ours
        case foreign
    }

    func occupant(of unit: UnitName) throws(FileError) -> Occupant {
        let directory = try Directory(creating: paths.units)
        // A mask or an alias; ours are files.
        guard try directory.link(unit.text) == nil else { return .foreign }
        guard let content = try directory.read(unit.text) else { return .nothing }
        return String(decoding: content.prefix(Self.marker.utf8.count), as: UTF8.self) == Self.marker ? .ours : .foreign
    }

    /// Installs the files of `units` and the drop-ins of `managed`, where they are not there yet, byte for byte.
    ///
    /// The caller lets systemd read anew what differs from what it has read.
    func install(_ set: UnitSet) throws(FileError) {
        let directory = try Directory(creating: paths.units)
        for file in set.files {
            let header = "\(Self.marker) '\(set.service)'; edits are overwritten.\n"
            try write(Array(header.utf8) + file.content, to: file.unit.text, in: directory)
        }
        for unit in set.managed {
            let dropIns = try Directory(creating: "\(paths.units)/\(unit).d")
            try write(Array(dropIn(unit, set: set).utf8), to: Self.dropInName, in: dropIns)
        }
    }

    /// What is the same stays as it is, so that systemd need not read it anew.
    private func write(_ content: [UInt8], to name: String, in directory: borrowing Directory) throws(FileError) {
        if try directory.link(name) == nil, try directory.read(name) == content {
            // A crash while another release's file was written, which this one takes back.
            return try directory.removeTemporary(of: name)
        }
        try directory.write(name, content, mode: 0o644)
    }

    /// Keeps a copy of a foreign unit file, once, so that a revert can put it back; of a link, the link itself.
    func save(_ unit: UnitName, service: ServiceName) throws(FileError) {
        let directory = try Directory(creating: paths.units)
        let saved = try Directory(creating: "\(paths.savedUnits)/\(service)", mode: 0o700)
        guard !saved.exists(unit.text) else { return }
        try copy(unit.text, from: directory, to: saved)
    }

    /// Removes what `install` put there, and puts saved foreign units back.
    func remove(service: ServiceName, units: [UnitName]) throws(FileError) {
        let directory = try Directory(creating: paths.units)
        let saved = try Directory(creating: "\(paths.savedUnits)/\(service)", mode: 0o700)
        for unit in units {
            try removeDropIn(of: unit)
            if saved.exists(unit.text) {
                try copy(unit.text, from: saved, to: directory)
                try saved.remove(unit.text)
            } else if try occupant(of: unit) == .ours {
                try directory.remove(unit.text)
            }
        }
    }

    private func copy(
        _ name: String,
        from source: borrowing Directory,
        to target: borrowing Directory
    ) throws(FileError) {
        if let place = try source.link(name) {
            try target.replaceLink(name, target: place)
        } else if let content = try source.read(name) {
            try target.write(name, content, mode: 0o644)
        }
    }

    /// Whether systemd refuses to start the unit because somebody linked it to /dev/null (systemctl(1), `mask`).
    func isMasked(_ unit: UnitName) throws(FileError) -> Bool {
        try Directory(creating: paths.units).link(unit.text) == "/dev/null"
    }

    private func removeDropIn(of unit: UnitName) throws(FileError) {
        let name = "\(unit).d"
        let units = try Directory(creating: paths.units)
        guard units.exists(name) else { return }
        let dropIns = try Directory(path: "\(paths.units)/\(name)")
        try dropIns.remove(Self.dropInName)
        if try dropIns.entries().isEmpty { try Tree.remove(name, in: units) }
    }

    func dropIn(_ unit: UnitName, set: UnitSet) -> String {
        var lines = [
            "\(Self.marker) '\(set.service)'; put your own settings into another file of this directory.",
            "[Unit]",
            // Wants, not Requires: a host whose agent was removed must still start its services at boot.
            "Wants=fleet-recover.service",
            "After=fleet-recover.service",
        ]
        let instance = paths.instance(set.service, "%i")
        // Which instances may run is said by their links, at boot, too.
        if unit.isTemplate { lines.append("ConditionPathExists=\(instance)") }
        if unit.text.hasSuffix(".service") {
            let tree = unit.isTemplate ? instance : paths.current(set.service)
            lines += ["[Service]", "EnvironmentFile=-\(tree)/\(ReleaseFiles.environmentFile)"]
            if unit.isTemplate { lines.append("Environment=\(CheckSite.variable)=%i") }
            lines += set.secrets.map { "LoadCredential=\($0.variable):\($0.credential)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
