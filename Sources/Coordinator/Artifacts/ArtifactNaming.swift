internal import Model

/// What an artifact is called when nobody says so.
enum ArtifactNaming {
    /// What a file's name says: `web-1.4.2.tar.gz` is 1.4.2 of web.
    static func version(fileName: String, service: ServiceName, format: ArtifactFormat) -> Version? {
        let (prefix, suffix) = ("\(service)-", ".\(format.rawValue)")
        guard fileName.hasPrefix(prefix), fileName.hasSuffix(suffix) else { return nil }
        return Version(String(fileName.dropFirst(prefix.count).dropLast(suffix.count)))
    }

    /// What git calls the tree; a tree with changes of its own, or without git, is told apart by its digest.
    static func version(of artifact: Artifact, tree: SourceTree.State?) -> Version {
        let fallback = Version(validated: "0-\(artifact.digest.short)")
        guard let tree else { return fallback }
        let allowed = Set("._-".utf8)
        let kept = tree.description.utf8.map {
            $0.isASCIILetterOrDigit || allowed.contains($0) ? $0 : UInt8(ascii: "-")
        }
        let text = String(decoding: kept, as: UTF8.self)
        return Version(tree.isDirty ? "\(text)-\(artifact.digest.short)" : text) ?? fallback
    }
}
