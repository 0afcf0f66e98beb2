internal import Configuration
internal import Model

extension UnitInstaller {
    /// How what is installed differs from what `install` would write, one sentence each.
    func drift(from set: UnitSet) throws(FileError) -> [String] {
        let directory = try Directory(creating: paths.units)
        var drift: [String] = []
        for file in set.files {
            // The first line names the release that installed it, which a revert to the same content may not be.
            let body = try content(file.unit.text, in: directory)?.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
            drift += Self.difference("unit file \(file.unit)", body.map(Array.init), file.content)
        }
        for unit in set.managed {
            let name = "\(unit).d"
            let dropIn =
                directory.exists(name) ? try content(Self.dropInName, in: Directory(path: directory.full(name))) : nil
            drift += Self.difference("\(Self.dropInName) of \(unit)", dropIn, Array(self.dropIn(unit, set: set).utf8))
        }
        return drift
    }

    private static func difference(_ name: String, _ found: [UInt8]?, _ expected: [UInt8]) -> [String] {
        guard let found else { return ["\(name) is missing"] }
        return found == expected ? [] : ["\(name) was changed"]
    }

    /// Nil for what is no file, too: a link in its place is none of ours.
    private func content(_ name: String, in directory: borrowing Directory) throws(FileError) -> [UInt8]? {
        try directory.link(name) == nil ? try directory.read(name) : nil
    }
}
