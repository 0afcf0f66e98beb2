/// The file formats that an artifact may have.
package enum ArtifactFormat: String, Codable, Sendable, CaseIterable {
    case tar
    case tarGzip = "tar.gz"
    case tarZstd = "tar.zst"
    case tarXZ = "tar.xz"
    case debian = "deb"

    /// The format that a file's name promises, or nil.
    package init?(fileName: String) {
        let match = Self.allCases.first { fileName.hasSuffix(".\($0.rawValue)") }
        guard let format = match ?? (fileName.hasSuffix(".tgz") ? .tarGzip : nil) else { return nil }
        self = format
    }
}
