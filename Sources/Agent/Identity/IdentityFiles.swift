internal import Configuration
internal import Glibc
internal import Logging
internal import Model
internal import TLS

/// Where a host's identity lies: what enrolment has brought, and what was renewed since.
///
/// Enrolment writes below `/etc`, which the agent can't; renewals go to the agent's own state. Key and certificate of a
/// renewal share one file, so that a rename changes both. Whatever is newer counts, so enrolling anew works too.
struct IdentityFiles: Sendable {
    private let paths: AgentPaths

    init(paths: AgentPaths) { self.paths = paths }

    private var directory: String { "\(paths.state)/tls" }
    private static let identityName = "identity.pem"
    private static let revocationsName = "crl.pem"

    /// The newest identity of `expected`.
    ///
    /// - Throws: What is wrong with the enrolled one when there is no other.
    func identity(of expected: PeerIdentity, trust: TrustAnchors, logger: Logger) throws -> TLSIdentity {
        let renewed = renewed(of: expected, trust: trust, logger: logger)
        do {
            let enrolled = try TLSIdentity(certificatePath: paths.certificate, keyPath: paths.privateKey)
            try check(enrolled.peer, expected)
            guard let renewed, renewed.certificate.notBefore >= enrolled.certificate.notBefore else { return enrolled }
            return renewed
        } catch {
            guard let renewed else { throw error }
            logger.warning("enrolled certificate not usable", metadata: ["error": "\(error)"])
            return renewed
        }
    }

    /// A certificate of another host would make every session fail, and nobody would know why.
    private func check(_ peer: PeerIdentity, _ expected: PeerIdentity) throws {
        guard peer == expected else {
            throw Failure(
                .internalError,
                "the certificate \(paths.certificate) is for \(peer), expected \(expected); "
                    + "correct agent.yml, or add the host again with 'fleet host add'"
            )
        }
    }

    /// What was renewed, unless the host has joined another fleet, or got another name, since.
    private func renewed(of expected: PeerIdentity, trust: TrustAnchors, logger: Logger) -> TLSIdentity? {
        do {
            guard let bytes = try content(Self.identityName) else { return nil }
            let identity = try TLSIdentity(certificatePEM: bytes, keyPEM: bytes, source: path(Self.identityName))
            // Without a time: a clock that is wrong at boot must not bring back what was replaced.
            guard identity.peer == expected, identity.refusal(trust: trust, revocations: nil, at: nil) == nil else {
                return nil
            }
            return identity
        } catch {
            logger.warning("renewed certificate not usable", metadata: ["error": "\(error)"])
            return nil
        }
    }

    func store(_ identity: TLSIdentity) throws {
        try Directory(creating: directory, mode: 0o700).write(Self.identityName, identity.pem().reveal(), mode: 0o600)
    }

    /// The newest revocation list that this fleet's authority has signed; nil without one.
    func revocations(trust: TrustAnchors, logger: Logger) -> RevocationList? {
        let given = paths.revocations
        let places = [(given, try? Directory.content(of: given)), (path(Self.revocationsName), try? stored())]
        var newest: RevocationList?
        for case (let place, let bytes?) in places {
            do {
                let list = try RevocationList(pem: bytes, trust: trust, source: place)
                newest = newest.map { list.isNewer(than: $0) ? list : $0 } ?? list
            } catch {
                logger.error("revocation list not usable", metadata: ["path": "\(place)", "error": "\(error)"])
            }
        }
        return newest
    }

    func store(_ list: RevocationList) throws {
        try Directory(creating: directory, mode: 0o700).write(Self.revocationsName, list.pem, mode: 0o644)
    }

    private func stored() throws -> [UInt8]? { try content(Self.revocationsName) }

    private func path(_ name: String) -> String { "\(directory)/\(name)" }

    private func content(_ name: String) throws -> [UInt8]? {
        do throws(FileError) {
            return try Directory(path: directory).read(name)
        } catch {
            guard error.errno == ENOENT else { throw error }
            return nil
        }
    }
}
