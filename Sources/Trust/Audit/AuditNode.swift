package import Model

/// The place of one full subtree: number `index`, from 0, of those over 2^`level` leaves.
package struct AuditNode: Hashable, Sendable {
    /// 0 is a leaf.
    package let level: Int
    package let index: Int64

    package init(level: Int, index: Int64) {
        self.level = level
        self.index = index
    }

    /// The subtrees that make a tree of `size` leaves, the largest and oldest first.
    package static func peaks(of size: Int64) -> [Self] {
        cover(0..<size)
    }

    /// The subtrees that make a run of leaves as RFC 6962 splits it; the run begins where a subtree of its size would.
    static func cover(_ run: Range<Int64>) -> [Self] {
        var nodes: [Self] = []
        var start = run.lowerBound
        while start < run.upperBound {
            let level = Int64.bitWidth - 1 - (run.upperBound - start).leadingZeroBitCount
            nodes.append(Self(level: level, index: start >> Int64(level)))
            start += 1 << Int64(level)
        }
        return nodes
    }
}

extension AuditProof {
    /// The nodes that prove that the first `size` leaves of a tree of `newSize` are a beginning of it.
    ///
    /// Asks `node` for a logarithmic number of full subtrees instead of all leaves.
    package static func consistency(
        from size: Int64,
        to newSize: Int64,
        node: (AuditNode) throws -> Digest
    ) throws -> [Digest] {
        precondition(0...newSize ~= size, "a proof needs a beginning of the tree")
        var proof: [Digest] = []
        var (run, isWhole) = (0..<newSize, true)
        var rest = size
        // From the root down; what stays beside the way is what the proof tells.
        while rest > 0, rest < Int64(run.count) {
            let half: Int64 = 1 << Int64(Int64.bitWidth - 1 - Int64(run.count - 1).leadingZeroBitCount)
            let middle = run.lowerBound + half
            if rest <= half {
                proof.append(try root(of: middle..<run.upperBound, node))
                run = run.lowerBound..<middle
            } else {
                proof.append(try root(of: run.lowerBound..<middle, node))
                (run, rest, isWhole) = (middle..<run.upperBound, rest - half, false)
            }
        }
        if rest > 0, !isWhole { proof.append(try root(of: run, node)) }
        return proof.reversed()
    }

    private static func root(of run: Range<Int64>, _ node: (AuditNode) throws -> Digest) throws -> Digest {
        let hashes = try AuditNode.cover(run).map(node)
        guard let last = hashes.last else { return SHA256.digest(of: []) }
        return hashes.dropLast().reversed().reduce(last) { AuditTree.node($1, $0) }
    }
}
