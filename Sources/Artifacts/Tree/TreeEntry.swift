package import Model

/// One file, directory or link of a release's tree, as it must be on disk.
package struct TreeEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case directory
        case file(size: ByteCount, digest: Digest, isExecutable: Bool)
        case link(LinkTarget)
    }

    package let path: TreePath
    package let kind: Kind

    package init(path: TreePath, kind: Kind) {
        self.path = path
        self.kind = kind
    }

    /// The only modes that a tree has: 0755 for directories and executables, 0644 for other files.
    package var mode: UInt32 {
        switch kind {
        case .directory, .file(_, _, isExecutable: true): 0o755
        case .file: 0o644
        case .link: 0o777
        }
    }
}
