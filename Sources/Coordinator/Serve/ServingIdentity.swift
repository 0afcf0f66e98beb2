internal import Logging
internal import Model
internal import TLS

/// Who a serving coordinator is at present, and whom it believes no more; both follow the files of its workspace.
///
/// A certificate that was issued anew is shown from the next connection on, without a restart; connections that there are go on.
actor ServingIdentity {
    private let workspace: Workspace
    private let expected: PeerIdentity
    private let logger: Logger
    /// What was wrong with the files when they were read last, so that it is said once.
    private var problem: String?
    nonisolated let endpoint: TLSEndpoint

    /// How soon a member that is revoked is cut off, and a new certificate is shown: the pause between two heartbeats.
    private static let lookInterval = Duration.seconds(5)

    init(_ credentials: Credentials, in workspace: Workspace, logger: Logger) throws {
        self.workspace = workspace
        self.logger = logger
        expected = credentials.identity.peer
        endpoint = TLSEndpoint(try Self.context(credentials).refusing(credentials.revocations))
    }

    private static func context(_ credentials: Credentials) throws -> TLSContext {
        try TLSContext.server(identity: credentials.identity, trust: credentials.anchors, accepting: [.operator])
            .admittingGuests(showing: credentials.anchors)
    }

    /// Looks at the files until the task is cancelled.
    ///
    /// - Throws: `CancellationError`; what can't be read is logged, and what was read before goes on to count.
    func follow() async throws {
        while true {
            try await Task.sleep(for: Self.lookInterval)
            look()
        }
    }

    func look() {
        do {
            try takeRevocations()
            try takeCertificate()
            problem = nil
        } catch {
            // Certificate and key are two files: between one and the other they may not fit, for a moment.
            guard problem != "\(error)" else { return }
            problem = "\(error)"
            logger.error("certificate or revocations not taken", metadata: ["error": "\(error)"])
        }
    }

    private func takeRevocations() throws {
        guard let list = try workspace.revocations(), list.pem != endpoint.context.revocations?.pem else { return }
        endpoint.replace(endpoint.context.refusing(list))
        logger.notice("revocations taken", metadata: ["list": "\(list.number)"])
    }

    private func takeCertificate() throws {
        let credentials = try workspace.credentials(as: .coordinator)
        let new = credentials.identity
        guard new.certificate.serial != endpoint.context.shownSerial else { return }
        guard new.peer == expected else {
            throw CoordinatorError(
                .workspaceInvalid,
                "the new certificate is for \(new.peer), expected \(expected): a coordinator keeps its name while it serves"
            )
        }
        let revocations = endpoint.context.revocations
        let now = CoordinatorClock().wall
        if let refusal = new.refusal(trust: credentials.anchors, revocations: revocations, at: now) { throw refusal }
        endpoint.replace(try Self.context(credentials).refusing(revocations))
        logger.notice(
            "certificate taken",
            metadata: ["until": "\(new.certificate.notAfter)", "serial": "\(new.certificate.serial)"]
        )
    }
}
