import Model
import TestSupport
import Testing

@testable import Trust

/// Proofs from stored subtrees, against those that are made of all leaves.
struct AuditNodeTests {
    /// A tree as a ledger stores it: the root of every full subtree.
    private struct Stored {
        var nodes: [AuditNode: Digest] = [:]
        var tree = AuditTree()

        init(_ leaves: [Digest]) {
            for leaf in leaves {
                nodes[AuditNode(level: 0, index: tree.size)] = leaf
                for (place, root) in tree.append(leaf: leaf) { nodes[place] = root }
            }
        }

        func node(_ node: AuditNode) throws -> Digest { try #require(nodes[node]) }
    }

    private static let leaves = (0..<70).map { AuditTree.leaf([UInt8($0)]) }

    @Test("Every beginning of every tree to 70 leaves has the same proof as from its leaves")
    func consistency() throws {
        for size in 0...Self.leaves.count {
            let some = Array(Self.leaves[..<size])
            let stored = Stored(some)
            for beginning in 0...size {
                let proof = try AuditProof.consistency(from: Int64(beginning), to: Int64(size), node: stored.node)
                #expect(proof == AuditProof.consistency(from: beginning, in: some), "\(beginning) of \(size)")
            }
        }
    }

    @Test("The tree of any size is read back from its subtrees")
    func peaks() throws {
        let stored = Stored(Self.leaves)
        for size in 0...Self.leaves.count {
            let tree = try AuditTree(size: Int64(size), peaks: AuditNode.peaks(of: Int64(size)).map(stored.node))
            #expect(tree.root == AuditTree.root(of: Self.leaves[..<size]))
        }
    }
}
