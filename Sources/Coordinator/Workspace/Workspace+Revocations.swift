package import TLS

extension Workspace {
    /// Whether the authority is here, which can sign.
    package var hasAuthority: Bool { SmallFile.isDirectory("\(layout.authority)/intermediate") }

    /// The newest revocation list that lies here; nil when nothing was ever revoked.
    ///
    /// An operator without the authority gets the list as a file.
    /// - Throws: `TLSError` for one that the fleet's authority has not signed: without it a thief would be believed.
    package func revocations() throws -> RevocationList? {
        let lists = [layout.authorityRevocations, layout.operatorRevocations].filter { SmallFile.exists($0) }
        guard !lists.isEmpty else { return nil }
        // A workspace that only serves has no operator's files.
        let role: Role = SmallFile.exists(layout.operatorAuthority) ? .operator : .coordinator
        let anchors = try TrustAnchors(path: "\(layout.identity(of: role))/ca.pem")
        var newest: RevocationList?
        for path in lists {
            let list = try RevocationList(pem: try SmallFile.read(path), trust: anchors, source: path)
            newest = newest.map { list.isNewer(than: $0) ? list : $0 } ?? list
        }
        return newest
    }
}
