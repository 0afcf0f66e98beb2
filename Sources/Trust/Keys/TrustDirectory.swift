import Glibc

/// Directories with a JSON file for each key that a host believes.
enum TrustDirectory {
    /// Every `*.json` with its path, in the order of their names; hidden files and other names are left alone.
    ///
    /// - Throws: `TrustError` for what can't be read, with `code` for what other users could have changed.
    static func files(
        in directory: String,
        _ code: TrustError.Code
    ) throws(TrustError) -> [(path: String, bytes: [UInt8])] {
        var files: [(path: String, bytes: [UInt8])] = []
        for name in try names(in: directory) {
            let path = "\(directory)/\(name)"
            files.append((path, try TrustedFile.read(path, code)))
        }
        return files
    }

    private static func names(in directory: String) throws(TrustError) -> [String] {
        guard let stream = opendir(directory) else {
            throw .system(.fileUnreadable, directory, "can't be listed: it holds those whom this host believes")
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
