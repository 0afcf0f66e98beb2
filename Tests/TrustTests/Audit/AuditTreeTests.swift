import Model
import Testing

@testable import Trust

/// The leaves and answers of the Certificate Transparency reference implementation (merkle_tree_test.cc).
struct AuditTreeTests {
    static let records: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F],
    ]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    static func checkpoint(_ leaves: ArraySlice<Digest>) throws -> Checkpoint {
        try Checkpoint(origin: "test", size: Int64(leaves.count), root: AuditTree.root(of: leaves))
    }

    @Test("The roots of 0 to 8 records are the reference's")
    func knownRoots() {
        var tree = AuditTree()
        #expect(tree.root.hex == Self.roots[0])
        for (index, record) in Self.records.enumerated() {
            tree.append(leaf: AuditTree.leaf(record))
            #expect(tree.root.hex == Self.roots[index + 1])
        }
    }

    @Test("The inclusion proof of record 1 in 8 is the reference's")
    func knownInclusion() {
        let proof = AuditProof.inclusion(of: 0, in: Self.records.map(AuditTree.leaf))
        #expect(
            proof.map(\.hex) == [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        )
    }

    @Test("The consistency proof of 6 records to 8 is the reference's")
    func knownConsistency() {
        let proof = AuditProof.consistency(from: 6, in: Self.records.map(AuditTree.leaf))
        #expect(
            proof.map(\.hex) == [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        )
    }

    @Test("Every leaf of every tree to 40 leaves is proven, and no other leaf or place is")
    func inclusion() throws {
        let leaves = (0..<40).map { AuditTree.leaf([UInt8($0)]) }
        for size in 1...leaves.count {
            let some = leaves[..<size]
            let checkpoint = try Self.checkpoint(some)
            for index in 0..<size {
                let proof = AuditProof.inclusion(of: index, in: Array(some))
                let place = Int64(index)
                try AuditProof.verifyInclusion(of: leaves[index], at: place, in: checkpoint, proof: proof)
                let wrong = [
                    (AuditTree.leaf([0xFF]), place, proof), (leaves[index], place + 1, proof),
                    (leaves[index], place, proof + [leaves[0]]), (leaves[index], -1, proof),
                ]
                for (leaf, at, proof) in wrong {
                    #expect(throws: TrustError.self) {
                        try AuditProof.verifyInclusion(of: leaf, at: at, in: checkpoint, proof: proof)
                    }
                }
                guard !proof.isEmpty else { continue }
                #expect(throws: TrustError.self) {
                    let short = Array(proof.dropLast())
                    try AuditProof.verifyInclusion(of: leaves[index], at: place, in: checkpoint, proof: short)
                }
            }
        }
    }

    @Test("Every beginning of every tree to 40 leaves is proven, and no rewritten one is")
    func consistency() throws {
        let leaves = (0..<40).map { AuditTree.leaf([UInt8($0)]) }
        for size in 0...leaves.count {
            let newer = try Self.checkpoint(leaves[..<size])
            for beginning in 0...size {
                let older = try Self.checkpoint(leaves[..<beginning])
                let proof = AuditProof.consistency(from: beginning, in: Array(leaves[..<size]))
                try AuditProof.verifyConsistency(from: older, to: newer, proof: proof)
                guard beginning > 0 else { continue }
                var rewritten = Array(leaves[..<beginning])
                rewritten[beginning / 2] = AuditTree.leaf([0xFF])
                let lie = try Self.checkpoint(rewritten[...])
                #expect(throws: TrustError.self) {
                    try AuditProof.verifyConsistency(from: lie, to: newer, proof: proof)
                }
                #expect(throws: TrustError.self) {
                    try AuditProof.verifyConsistency(from: older, to: newer, proof: proof + [leaves[0]])
                }
            }
        }
    }

    @Test("A shorter history and another ledger's are refused by name")
    func refusals() throws {
        let leaves = (0..<3).map { AuditTree.leaf([UInt8($0)]) }
        let (two, three) = (try Self.checkpoint(leaves[..<2]), try Self.checkpoint(leaves[...]))
        let shorter = #expect(throws: TrustError.self) {
            try AuditProof.verifyConsistency(from: three, to: two, proof: [])
        }
        #expect(shorter?.advice.contains("2 records, fewer than the 3") == true)
        let foreign = try Checkpoint(origin: "elsewhere", size: 3, root: three.root)
        let other = #expect(throws: TrustError.self) {
            try AuditProof.verifyConsistency(from: two, to: foreign, proof: [])
        }
        #expect(other?.advice.contains("another ledger") == true)
    }

    @Test("A tree goes on where it was left, and a damaged state is refused")
    func resumed() throws {
        var tree = AuditTree()
        for number in 0..<11 { tree.append(leaf: AuditTree.leaf([UInt8(number)])) }
        var resumed = try AuditTree(size: tree.size, peaks: tree.peaks)
        tree.append(leaf: AuditTree.leaf([99]))
        resumed.append(leaf: AuditTree.leaf([99]))
        #expect(resumed.root == tree.root)
        #expect(throws: TrustError.self) { try AuditTree(size: 3, peaks: [tree.root]) }
        #expect(throws: TrustError.self) { try AuditTree(size: -1, peaks: []) }
    }

    @Test("A checkpoint is three lines that come back as they were")
    func checkpointText() throws {
        let checkpoint = try Self.checkpoint(Self.records.map(AuditTree.leaf)[...])
        #expect(checkpoint.description == "test\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n")
        #expect(try Checkpoint(parsing: checkpoint.description) == checkpoint)
    }

    @Test(
        "A checkpoint in any other form is refused",
        arguments: [
            "", "test\n8\n", "test\n08\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
            "test\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz-Nw7_RgQyg=\n",
            "\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
            "test\n8\nXcna\n", "test\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\nextension\n",
            "test\n-1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
        ]
    )
    func checkpointRefused(_ text: String) {
        #expect(throws: TrustError.self) { try Checkpoint(parsing: text) }
    }
}
