internal import Configuration
internal import Model
package import Trust

/// The trust roots of a workspace: `root-N.json`, each complete version, and the `proposal.json` that people are signing.
package struct TrustRoots: Sendable {
    private let workspace: Workspace

    package init(_ workspace: Workspace) { self.workspace = workspace }

    private var directory: String { workspace.layout.trust }
    package var proposalPath: String { "\(directory)/proposal.json" }

    private func path(_ version: Int) -> String { "\(directory)/root-\(version).json" }

    /// Every version that was published, from the first; each follows the one before.
    package func chain() throws -> [SignedRoot] {
        var chain: [SignedRoot] = []
        while SmallFile.exists(path(chain.count + 1)) {
            let path = path(chain.count + 1)
            let next = try SignedRoot(json: try SmallFile.read(path), name: path)
            if let last = chain.last {
                _ = try next.following(last.root)
            } else {
                _ = try next.first()
            }
            chain.append(next)
        }
        return chain
    }

    /// The exact bytes of a published version.
    package func bytes(of version: Int) throws -> [UInt8] { try SmallFile.read(path(version)) }

    package func proposal(at path: String? = nil) throws -> SignedRoot? {
        let path = path ?? proposalPath
        guard SmallFile.exists(path) else { return nil }
        return try SignedRoot(json: try SmallFile.read(path), name: path)
    }

    /// Writes a proposal, in place of the one that was there.
    package func write(_ proposal: SignedRoot, to path: String? = nil) throws {
        if path == nil { try SmallFile.makeDirectory(directory) }
        try SmallFile.replace(path ?? proposalPath, try proposal.json(), mode: 0o644)
    }

    /// The next version: the workspace's files as they are now, and the keys with this change.
    package func propose(_ change: RootChange) throws -> SignedRoot {
        let fleet = try workspace.configuration().fleet
        let signed = try SignedRoot(try change.applied(to: try chain().last?.root, of: fleet, files: try files()))
        try write(signed)
        return signed
    }

    /// Makes the proposal the workspace's present root, if enough people have signed it; answers what hosts are brought.
    package func adopt() throws -> [SignedRoot] {
        let chain = try chain()
        guard let proposal = try proposal() else { return chain }
        if let last = chain.last {
            // Left by a crash after it was adopted.
            guard proposal.digest != last.digest else {
                try SmallFile.remove(proposalPath)
                return chain
            }
            _ = try proposal.following(last.root)
        } else {
            _ = try proposal.first()
        }
        try SmallFile.create(path(chain.count + 1), try proposal.json(), mode: 0o644)
        try SmallFile.remove(proposalPath)
        return chain + [proposal]
    }

    /// What hosts are brought: with the proposal where it may be adopted, else without it, and why it waits.
    ///
    /// - Throws: Why the proposal can't be adopted, when there is no root yet that could be brought instead.
    package func publishable() throws -> (roots: [SignedRoot], waiting: String?) {
        do {
            return (try adopt(), nil)
        } catch let error as TrustError {
            let chain = try chain()
            guard !chain.isEmpty else { throw error }
            return (chain, "\(error)")
        }
    }

    /// What the workspace would make hosts believe: `.fleet/builders`, `attesters`, `approvers`, `break-glass`, `policy.yml`.
    package func files() throws -> [TrustFile] {
        let root = workspace.layout.root
        var paths = TrustFile.names.filter { SmallFile.exists("\(root)/\($0)") }
        for directory in TrustFile.directories where SmallFile.isDirectory("\(root)/\(directory)") {
            let names = try SmallFile.names(in: "\(root)/\(directory)").filter { $0.hasSuffix(".json") }
            paths += names.map { "\(directory)/\($0)" }
        }
        return try paths.map { path in
            let bytes = try SmallFile.read("\(root)/\(path)")
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CoordinatorError(.fileUnusable, "\(root)/\(path) is no UTF-8")
            }
            if path == "policy.yml" { _ = try TrustPolicyFile.parse(bytes, file: "\(root)/\(path)") }
            return try TrustFile(path: path, text: text)
        }
    }
}
