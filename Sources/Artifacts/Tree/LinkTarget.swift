/// The target of a symbolic link that can't lead out of its tree.
///
/// `..` may stand at the start only, and at most as often as the link lies deep. Counting components would not do where
/// `..` follows a name: with `up -> ../..` beside it, `up/..` is somewhere else than it reads. Under this rule every step
/// after the start goes down or through another link of the tree, so no chain of links leaves it.
package struct LinkTarget: Hashable, Sendable {
    package let bytes: [UInt8]

    /// - Throws: `ArtifactError` about `path` with the rule that the target breaks.
    package init(_ bytes: [UInt8], at path: TreePath) throws(ArtifactError) {
        if let rule = TreePath.brokenText(bytes) { throw .refused(path, rule) }
        guard let first = bytes.first else { throw .refused(path, .emptyComponent) }
        guard bytes.count <= 4000 else { throw .refused(path, .pathTooLong) }
        guard first != UInt8(ascii: "/") else { throw .refused(path, .linkOutside) }
        let steps = bytes.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        let climbs = steps.prefix { $0.elementsEqual("..".utf8) }.count
        let climbsLater = steps.dropFirst(climbs).contains { $0.elementsEqual("..".utf8) }
        guard climbs < path.depth, !climbsLater else { throw .refused(path, .linkOutside) }
        let isInReserved =
            climbs == path.depth - 1 && steps.dropFirst(climbs).first?.elementsEqual(".fleet".utf8) == true
        guard !isInReserved else { throw .refused(path, .reservedName) }
        self.bytes = bytes
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }
}
