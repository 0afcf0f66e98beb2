/// The files that Fleet keeps beside a release's own, in a directory that no artifact may bring.
enum ReleaseFiles {
    static let directory = ".fleet"
    /// Exact bytes of the release as it was ordered.
    static let release = "\(directory)/release.json"
    /// Path, type, mode and digest of everything in the tree.
    static let manifest = "\(directory)/manifest"
    /// The environment's configuration for this release.
    static let environmentFile = "\(directory)/config.env"
    /// It may hold what not everybody should read.
    static let environmentMode: UInt32 = 0o640
    /// The envelopes that vouched for the artifact.
    static func provenance(_ index: Int) -> String { "\(directory)/provenance-\(index).json" }
}
