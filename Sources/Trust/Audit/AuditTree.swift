package import Model

/// The Merkle tree over an append-only log (RFC 6962, section 2.1), kept as the roots of its full subtrees.
///
/// State and cost of one append are logarithmic in the size: at most 63 digests.
package struct AuditTree: Hashable, Codable, Sendable {
    /// Number of leaves.
    package private(set) var size: Int64
    /// Roots of the full subtrees, the largest and oldest first; as many as `size` has one bits.
    package private(set) var peaks: [Digest]

    /// The empty tree.
    package init() {
        size = 0
        peaks = []
    }

    /// Takes up a tree where it was left.
    ///
    /// - Throws: `TrustError` when so many peaks can't belong to a tree of that size.
    package init(size: Int64, peaks: [Digest]) throws(TrustError) {
        guard size >= 0, size.nonzeroBitCount == peaks.count else {
            let advice = "\(peaks.count) subtrees can't make \(size) leaves: the stored state is damaged"
            throw TrustError(.checkpointInvalid, "audit tree", advice)
        }
        self.size = size
        self.peaks = peaks
    }

    /// Adds one record by its leaf hash.
    ///
    /// - Returns: The subtrees above the leaf that are full now, the lowest first, with their roots.
    @discardableResult
    package mutating func append(leaf: Digest) -> [(place: AuditNode, root: Digest)] {
        var node = leaf
        var completed: [(place: AuditNode, root: Digest)] = []
        for level in 0..<size.trailingOneBitCount {
            node = Self.node(peaks.removeLast(), node)
            completed.append((AuditNode(level: level + 1, index: size >> Int64(level + 1)), node))
        }
        peaks.append(node)
        size += 1
        return completed
    }

    /// The hash over all leaves.
    package var root: Digest {
        guard let last = peaks.last else { return SHA256.digest(of: []) }
        return peaks.dropLast().reversed().reduce(last) { Self.node($1, $0) }
    }

    /// Hash of a record's exact bytes: SHA-256(0x00 ‖ record).
    package static func leaf(_ record: [UInt8]) -> Digest {
        var hasher = SHA256()
        hasher.update([0x00])
        hasher.update(record)
        return hasher.finalize()
    }

    /// Hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
    static func node(_ left: Digest, _ right: Digest) -> Digest {
        SHA256.digest(of: [0x01] + left.bytes + right.bytes)
    }

    /// The hash over a run of leaf hashes.
    package static func root(of leaves: some Sequence<Digest>) -> Digest {
        var tree = Self()
        for leaf in leaves { tree.append(leaf: leaf) }
        return tree.root
    }
}

extension Int64 {
    /// Number of one bits below the lowest zero bit.
    fileprivate var trailingOneBitCount: Int { (~self).trailingZeroBitCount }
}
