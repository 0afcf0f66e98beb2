import Glibc

/// The builders that a host believes: `/etc/fleet/trust/builders/NAME.json`, one file each.
package struct BuilderTrust: Hashable, Sendable {
    package let builders: [TrustedBuilder]

    package init(_ builders: [TrustedBuilder]) { self.builders = builders }

    /// Reads every `*.json` of a directory, in the order of their names; hidden files and other names are left alone.
    ///
    /// One broken entry fails the whole: which builders a host believes must never depend on a typing error.
    ///
    /// - Throws: `TrustError` for what can't be read, is malformed, or could be changed by other users.
    package static func load(directory: String) throws(TrustError) -> Self {
        var builders: [TrustedBuilder] = []
        for name in try entries(of: directory) {
            let path = "\(directory)/\(name)"
            builders.append(try TrustedBuilder(json: try TrustedFile.read(path, .buildersInvalid), name: path))
        }
        return Self(builders)
    }

    private static func entries(of directory: String) throws(TrustError) -> [String] {
        guard let stream = opendir(directory) else {
            throw .system(.fileUnreadable, directory, "can't be listed: it holds the builders that this host believes")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".json"), !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
