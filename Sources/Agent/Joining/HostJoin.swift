package import Configuration
package import Logging
package import Model
internal import Protocol
internal import Session
internal import Synchronization
internal import TLS
package import Trust

/// Makes this host a member of a fleet by a token, without anybody's access to it (`agent join`).
///
/// The key is made here and stays here. The coordinator shows first who it is, by the root that the token names; it then gets
/// a proof that counts on this connection alone, never the token. What it answers is installed only if the token vouches for it.
package struct HostJoin: Sendable {
    package enum Outcome: Hashable, Sendable {
        case joined(until: WallTime)
        /// The host has a certificate that is good; nothing was asked.
        case member(until: WallTime)
    }

    private let token: JoinToken
    private let configuration: AgentConfiguration
    private let file: String
    private let isConfigured: Bool
    /// The host's wall clock.
    private let now: @Sendable () -> WallTime
    private let logger: Logger
    private var stage: JoinStage { JoinStage(paths: configuration.paths) }

    /// Time for the coordinator's answer.
    private static let answerTime = Duration.seconds(30)

    /// `existing` is what `file` says, nil where it is absent and will be written; the agent will listen on `port` then, and
    /// have its files at `paths`.
    ///
    /// - Throws: `JoinError` on a host that is configured as another.
    package init(
        _ token: JoinToken,
        existing: AgentConfiguration?,
        file: String = AgentFile.defaultPath,
        port: Int = Host.defaultPort,
        paths: AgentPaths = AgentPaths(),
        now: @escaping @Sendable () -> WallTime = { HostClock(bootID: "").wall },
        logger: Logger
    ) throws {
        var configuration = existing ?? AgentConfiguration(fleet: token.fleet, host: token.host)
        guard configuration.fleet == token.fleet, configuration.host == token.host else {
            throw JoinError(
                .otherHost,
                "\(file) says that this is \(configuration.host) of \(configuration.fleet), the token is for \(token.host) of "
                    + "\(token.fleet): correct one of the two"
            )
        }
        if existing == nil {
            configuration.listen = HostPort(host: configuration.listen.host, port: port)
            configuration.paths = paths
        }
        self.token = token
        self.configuration = configuration
        self.file = file
        isConfigured = existing != nil
        self.now = now
        self.logger = logger
    }

    /// Joins, or goes on with a joining that was cut off; `replacing` asks for another certificate even if this one is good.
    ///
    /// - Throws: `JoinError`, after which the host is as it was before, but for the key of a token that may be spent.
    package func run(at coordinator: HostPort, replacing: Bool = false) async throws -> Outcome {
        let staged = try stage.key(for: token.id, of: token.host)
        if staged == nil, !replacing, let until = membership() { return .member(until: until) }
        let new = try staged ?? stage.makeKey(for: token.id, of: token.host)
        let grant = try await ask(coordinator, new, isAgain: staged != nil)
        let files: JoinFiles
        do {
            files = try JoinFiles(grant, to: new, by: token, at: now())
        } catch let error as JoinError {
            throw error
        } catch {
            throw JoinError(
                .answerInvalid,
                "the coordinator's answer is not usable here: \(error); nothing was installed"
            )
        }
        do {
            try files.install(configuration.paths, configuration: isConfigured ? nil : (file, text))
            try stage.remove()
        } catch {
            throw JoinError(
                .notInstalled,
                "\(error); then run the same command again, the token is good for it until it ends"
            )
        }
        logger.debug("joined", metadata: ["host": "\(token.host)", "until": "\(files.until)"])
        return .joined(until: files.until)
    }

    /// Until when this host is a member already, by the same authority.
    private func membership() -> WallTime? {
        let paths = configuration.paths
        guard isConfigured, let anchors = try? TrustAnchors(path: paths.authority), anchors.fingerprint == token.root,
            let expected = try? PeerIdentity(fleet: token.fleet.text, role: .agent, name: token.host.text),
            // Whatever is wrong with what is there, joining mends it.
            let identity = try? IdentityFiles(paths: paths).identity(of: expected, trust: anchors, logger: logger)
        else { return nil }
        let list = IdentityFiles(paths: paths).revocations(trust: anchors, logger: logger)
        guard identity.refusal(trust: anchors, revocations: list, at: now()) == nil else { return nil }
        return identity.certificate.notAfter
    }

    private var text: String {
        let listen = configuration.listen
        return "# Written by `agent join`; docs/configuration.md lists what else may stand here.\n"
            + "fleet: \(token.fleet)\nhost: \(token.host)\n"
            + (listen.port == Host.defaultPort ? "" : "listen: \"[::]:\(listen.port)\"\n")
    }

    // MARK: Asking

    private func ask(_ coordinator: HostPort, _ new: NewIdentity, isAgain: Bool) async throws -> JoinGrant {
        let asked = Mutex(false)
        do {
            return try await talk(to: coordinator) { session in
                let binding = try await session.channelBinding()
                let statement = JoinStatement(token, binding: binding, at: now(), request: new.request)
                let signed = try statement.signed(with: token)
                asked.withLock { $0 = true }
                let key = token.key.publicKey.der
                return try await session.join(
                    JoinRequest(statement: signed.bytes, token: key, signature: signed.signature),
                    within: Self.answerTime
                )
            }
        } catch let error as SessionError where error.problem?.isVerdict == true {
            let isFinal = error.problem?.isFinal == true
            if isFinal || !isAgain { try stage.remove() }
            throw JoinError(.refused, error.problem.map { "\($0)" } ?? "\(error)")
        } catch {
            // An agent, or an older coordinator, does not know what guests speak.
            let isDeaf = (error as? TLSError)?.code == .applicationProtocol
            let advice =
                isDeaf ? "what listens there lets no host join; 'fleet serve' of this version does" : "\(error)"
            guard asked.withLock({ $0 }) else {
                if !isAgain { try stage.remove() }
                throw JoinError(.unreachable, "\(coordinator): \(advice)")
            }
            throw JoinError(
                .unanswered,
                "\(coordinator): \(advice); whether the token was taken is not known: run the same command again, which the same "
                    + "token is good for until it ends"
            )
        }
    }

    private func talk(
        to coordinator: HostPort,
        _ body: @escaping @Sendable (Session) async throws -> JoinGrant
    ) async throws -> JoinGrant {
        let context = try TLSContext.guest(of: token.fleet.text, trusting: token.root)
        let name = Role.guest.rawValue
        var session = SessionConfiguration(hello: Hello(software: FleetVersion.text, fleet: token.fleet, name: name))
        session.logger = logger
        return try await SessionDialer(session)
            .withSession(host: coordinator.host, port: coordinator.port, over: .tls(context), body)
    }
}

extension Problem {
    /// Whether the coordinator has decided, rather than failed.
    fileprivate var isVerdict: Bool {
        code.hasPrefix("join.") || code == "request.refused" || code == "request.unreadable"
    }

    /// Whether the token is of no use any more, whatever is done about it.
    fileprivate var isFinal: Bool {
        ["join.unknown", "join.expired", "join.revoked", "join.used", "join.other_host", "join.exhausted"].contains(
            code
        )
    }
}
