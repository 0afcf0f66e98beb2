internal import Configuration
internal import Glibc
internal import Model
internal import Protocol
internal import TLS
internal import Trust

/// What a coordinator has granted, verified against the token, and how it lies on the host.
struct JoinFiles {
    private let identity: TLSIdentity
    private let key: Secret
    private let grant: JoinGrant
    /// What a trust root speaks for, and the root, by their paths below the directory of trust.
    private let governed: [(path: String, bytes: [UInt8])]
    private let ledgers: [(name: String, bytes: [UInt8])]

    var until: WallTime { identity.certificate.notAfter }

    /// - Throws: `TLSError`, `TrustError` or `JoinError` for anything that the token does not vouch for.
    init(_ grant: JoinGrant, to new: NewIdentity, by token: JoinToken, at now: WallTime) throws {
        let anchors = try TrustAnchors(pem: grant.root, source: "the coordinator's root")
        guard anchors.fingerprint == token.root else {
            throw Self.invalid("brings another authority than the token names")
        }
        let expected = try PeerIdentity(fleet: token.fleet.text, role: .agent, name: token.host.text)
        identity = try new.completed(chain: grant.chain)
        guard identity.peer == expected else { throw Self.invalid("is a certificate for \(identity.peer)") }
        let list =
            grant.revocations.isEmpty ? nil : try RevocationList(pem: grant.revocations, trust: anchors)
        if let refusal = identity.refusal(trust: anchors, revocations: list, at: now) { throw refusal }
        let files = grant.files.map { ($0.path, $0.content) }
        guard try JoinToken.digest(of: files) == token.trust else {
            throw Self.invalid("makes this host believe others than the token says")
        }
        key = try new.keyPEM()
        self.grant = grant
        (governed, ledgers) = try Self.sorted(files)
    }

    private static func invalid(_ finding: String) -> JoinError {
        JoinError(
            .answerInvalid,
            "the coordinator's answer \(finding); nothing was installed: ask whoever runs it, it may be in other hands"
        )
    }

    /// Tells files by what they are; whatever belongs nowhere is refused, so that none leaves its directory.
    private static func sorted(
        _ files: [(String, [UInt8])]
    ) throws -> (governed: [(path: String, bytes: [UInt8])], ledgers: [(name: String, bytes: [UInt8])]) {
        var governed: [(path: String, bytes: [UInt8])] = []
        var ledgers: [(name: String, bytes: [UInt8])] = []
        for (path, bytes) in files {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            if path == AgentPaths.rootName {
                _ = try SignedRoot(json: bytes)
                governed.append((path, bytes))
            } else if parts.count == 2, parts[0] == "ledgers", let ledger = LedgerID(String(parts[1])) {
                ledgers.append((ledger.text, bytes))
            } else {
                _ = try TrustFile(path: path, text: String(decoding: bytes, as: UTF8.self))
                governed.append((path, bytes))
            }
        }
        return (governed, ledgers)
    }

    /// Puts everything in its place, each file whole or not at all; may be repeated, and the configuration goes last.
    ///
    /// A host that follows a trust root keeps it, and what it says.
    func install(_ paths: AgentPaths, configuration: (path: String, text: String)?) throws(FileError) {
        if access(paths.root, F_OK) != 0 { try believe(paths) }
        for ledger in ledgers { try Directory(creating: paths.ledgers).write(ledger.name, ledger.bytes, mode: 0o644) }
        try Self.write(paths.authority, grant.root, mode: 0o644)
        if !grant.revocations.isEmpty { try Self.write(paths.revocations, grant.revocations, mode: 0o644) }
        try Self.write(paths.privateKey, key.reveal(), mode: 0o600)
        try Self.write(paths.certificate, grant.chain, mode: 0o644)
        // The agent starts only where this is.
        if let configuration { try Self.write(configuration.path, Array(configuration.text.utf8), mode: 0o644) }
    }

    private func believe(_ paths: AgentPaths) throws(FileError) {
        let wasThere = access(paths.trust, F_OK) == 0
        if !wasThere { _ = try Directory(creating: paths.trust) }
        try TrustExchange(path: paths.trust).replace(with: governed)
        guard !wasThere else { return }
        let name = String(paths.trust.split(separator: "/").last ?? "")
        try Tree.remove("\(name).previous", in: try Directory(path: Self.parent(of: paths.trust)))
    }

    private static func write(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(FileError) {
        let name = String(path.split(separator: "/").last ?? "")
        try Directory(creating: parent(of: path)).write(name, bytes, mode: mode)
    }

    /// The directory that a file lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
