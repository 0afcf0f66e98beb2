package import Model

/// Proofs about an audit tree (RFC 6962, section 2.1; checked as in RFC 9162, sections 2.1.3.2 and 2.1.4.2).
package enum AuditProof {
    /// The path that proves that leaf `index` is in the tree over `leaves`; lowest sibling first.
    package static func inclusion(of index: Int, in leaves: [Digest]) -> [Digest] {
        precondition(leaves.indices.contains(index), "a proof needs a leaf of the tree")
        return path(index, leaves[...])
    }

    private static func path(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        let middle = leaves.startIndex + split(leaves.count)
        let (left, right) = (leaves[..<middle], leaves[middle...])
        return index < middle
            ? path(index, left) + [AuditTree.root(of: right)] : path(index, right) + [AuditTree.root(of: left)]
    }

    /// The nodes that prove that the tree over the first `size` of `leaves` is a beginning of the tree over all.
    package static func consistency(from size: Int, in leaves: [Digest]) -> [Digest] {
        precondition(0...leaves.count ~= size, "a proof needs a beginning of the tree")
        return size == 0 ? [] : subproof(size, leaves[...], isWhole: true)
    }

    private static func subproof(_ size: Int, _ leaves: ArraySlice<Digest>, isWhole: Bool) -> [Digest] {
        guard size < leaves.count else { return isWhole ? [] : [AuditTree.root(of: leaves)] }
        let half = split(leaves.count)
        let middle = leaves.startIndex + half
        let (left, right) = (leaves[..<middle], leaves[middle...])
        return size <= half
            ? subproof(size, left, isWhole: isWhole) + [AuditTree.root(of: right)]
            : subproof(size - half, right, isWhole: false) + [AuditTree.root(of: left)]
    }

    /// The largest power of two below `count`.
    private static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

    /// Checks that `leaf` stands at `index` of the tree that `checkpoint` names.
    ///
    /// - Throws: `TrustError` when the proof doesn't lead to the checkpoint's root.
    package static func verifyInclusion(
        of leaf: Digest,
        at index: Int64,
        in checkpoint: Checkpoint,
        proof: [Digest]
    ) throws(TrustError) {
        guard index >= 0, index < checkpoint.size else { throw refusal("leaf \(index) is outside the tree") }
        var (node, last, hash) = (index, checkpoint.size - 1, leaf)
        for sibling in proof {
            guard last > 0 else { throw refusal("the proof is too long") }
            if node & 1 == 1 || node == last {
                hash = AuditTree.node(sibling, hash)
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                hash = AuditTree.node(hash, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        guard last == 0, hash == checkpoint.root else {
            throw refusal("record \(index) is not in the history of \(checkpoint.size) records that was acknowledged")
        }
    }

    /// Checks that the history of `newer` continues that of `older` without a change.
    ///
    /// - Throws: `TrustError` when the origins differ, records are missing, or anything was rewritten.
    package static func verifyConsistency(
        from older: Checkpoint,
        to newer: Checkpoint,
        proof: [Digest]
    ) throws(TrustError) {
        guard older.origin == newer.origin else {
            throw refusal("'\(newer.origin)' is another ledger than '\(older.origin)'")
        }
        guard older.size <= newer.size else {
            throw refusal("the history has \(newer.size) records, fewer than the \(older.size) seen before")
        }
        let rewritten = refusal("the history of \(older.size) records seen before is no beginning of the new one")
        if older.size == newer.size || older.size == 0 {
            let emptyHolds = older.size > 0 || older.root == AuditTree().root
            guard proof.isEmpty, emptyHolds, older.size == 0 || older.root == newer.root else { throw rewritten }
            return
        }
        guard let roots = consistentRoots(from: older, to: newer, proof), roots.old == older.root,
            roots.new == newer.root
        else { throw rewritten }
    }

    private static func consistentRoots(
        from older: Checkpoint,
        to newer: Checkpoint,
        _ proof: [Digest]
    ) -> (old: Digest, new: Digest)? {
        let path = older.size.nonzeroBitCount == 1 ? [older.root] + proof : proof
        guard let first = path.first else { return nil }
        var (node, last) = (older.size - 1, newer.size - 1)
        while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
        var (old, new) = (first, first)
        for sibling in path.dropFirst() {
            guard last > 0 else { return nil }
            if node & 1 == 1 || node == last {
                old = AuditTree.node(sibling, old)
                new = AuditTree.node(sibling, new)
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                new = AuditTree.node(new, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 ? (old, new) : nil
    }

    private static func refusal(_ advice: String) -> TrustError {
        TrustError(.auditProofInvalid, "audit trail", advice)
    }
}
