internal import Configuration
internal import Logging
internal import Model
internal import Protocol
internal import TLS

/// Who this host is to the fleet at present, and whom it believes no more; both are renewed over sessions.
///
/// Whoever asks brings only bytes: that the authority signed them is verified here, against the root of this host.
actor HostIdentity {
    /// Keys that wait for their certificates; several coordinators may renew at once.
    private static let mostPending = 4

    private let expected: PeerIdentity
    private let anchors: TrustAnchors
    private let files: IdentityFiles
    private let clock: HostClock
    private let logger: Logger
    private(set) var identity: TLSIdentity
    private var revocations: RevocationList?
    private var pending: [NewIdentity] = []
    /// For the listener: new connections show what was renewed last.
    nonisolated let endpoint: TLSEndpoint

    /// Who may connect at all; what each may ask then is `RoleTable`'s.
    private static let askers: Set<Role> = [.coordinator, .operator, .viewer]

    /// Reads what enrolment and renewals have left.
    ///
    /// - Throws: `TLSError`; `Failure` when the certificate is another host's.
    init(_ configuration: AgentConfiguration, clock: HostClock, logger: Logger) throws {
        let paths = configuration.paths
        expected = try PeerIdentity(fleet: configuration.fleet.text, role: .agent, name: configuration.host.text)
        anchors = try TrustAnchors(path: paths.authority)
        files = IdentityFiles(paths: paths)
        self.clock = clock
        self.logger = logger
        identity = try files.identity(of: expected, trust: anchors, logger: logger)
        revocations = files.revocations(trust: anchors, logger: logger)
        let context = try TLSContext.server(identity: identity, trust: anchors, accepting: Self.askers)
        endpoint = TLSEndpoint(context.refusing(revocations))
    }

    var validity: Validity { identity.certificate.validity }

    var membership: Membership {
        Membership(
            serial: identity.certificate.serial,
            certificate: validity,
            revocations: revocations?.number ?? 0
        )
    }

    // MARK: Renewal

    /// Makes a new key, and answers the request for its certificate (PKCS #10, PEM).
    func request() throws -> [UInt8] {
        let new = try NewIdentity(name: expected.name)
        pending = pending.suffix(Self.mostPending - 1) + [new]
        return new.request
    }

    /// Takes the certificate for one of the keys that wait, and shows it from the next connection on.
    ///
    /// - Throws: `TLSError` for a certificate of another key, host or authority, and for one that was revoked.
    func install(chain pem: [UInt8]) throws {
        let renewed = try complete(pem)
        guard renewed.peer == expected else {
            throw TLSError(.wrongName, "\(renewed.peer)", advice: "is not this host, which is \(expected)")
        }
        if let refusal = renewed.refusal(trust: anchors, revocations: revocations, at: clock.wall) { throw refusal }
        let context = try TLSContext.server(identity: renewed, trust: anchors, accepting: Self.askers)
        // Stored before it is shown: after a crash the host has the one or the other, whole.
        try files.store(renewed)
        identity = renewed
        pending = []
        endpoint.replace(context.refusing(revocations))
        logger.notice(
            "certificate renewed",
            metadata: ["until": "\(renewed.certificate.notAfter)", "serial": "\(renewed.certificate.serial)"]
        )
    }

    private func complete(_ chain: [UInt8]) throws -> TLSIdentity {
        var mismatch: TLSError?
        for new in pending.reversed() {
            do throws(TLSError) {
                return try new.completed(chain: chain)
            } catch {
                guard error.code == .keyMismatch else { throw error }
                mismatch = error
            }
        }
        let advice = "came without a request; ask for one, then certify it"
        throw mismatch ?? TLSError(.keyMismatch, "the new certificate", advice: advice)
    }

    // MARK: Revocation

    /// Goes by this list from now on, and cuts off whom it names.
    ///
    /// - Throws: `TLSError` for a list that is older than the one in force, or not by this fleet's authority.
    func learn(_ pem: [UInt8]) throws {
        guard pem != revocations?.pem else { return }
        let list = try RevocationList(pem: pem, trust: anchors).succeeding(revocations)
        try files.store(list)
        revocations = list
        endpoint.replace(endpoint.context.refusing(list))
        logger.notice(
            "revocations learnt",
            metadata: ["number": "\(list.number)", "certificates": "\(list.entries.count)"]
        )
    }
}
