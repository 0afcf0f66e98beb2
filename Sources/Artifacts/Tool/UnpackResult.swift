package import Model

/// What an unpacked artifact was.
package struct UnpackResult: Hashable, Sendable {
    package let manifest: TreeManifest
    package let entries: Int
    /// Sum of all file sizes.
    package let bytes: ByteCount
    /// Nil unless the artifact was a `.deb`.
    package let debian: DebianControl?
    /// The restraints that held in the child.
    package let sandbox: [String]
}
