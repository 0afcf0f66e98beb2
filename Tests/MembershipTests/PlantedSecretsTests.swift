import Configuration
import Foundation
import Model
import Rollout
import Session
import Synchronization
import TLS
import Testing
import Trust

@testable import Agent
@testable import Coordinator

/// Secrets are planted where they lie in practice, and looked for after a fleet has lived.
///
/// Hosts join and are refused, certificates are renewed, a rollout fails and is told of. Nothing that is logged, stored in the
/// ledger, answered or complained about may show one.
struct PlantedSecretsTests {
    private static let webhook = "T0000/B0000/hunter2-webhook"
    private static let credential = "hunter2-credential"
    private static let fleetFile = """
        fleet: scratch
        services:
          hello:
            environments:
              dev:
                hosts: [{name: web-1, address: 127.0.0.1, port: 1}]
                secrets: {API_KEY: {credential: api-key}}
                notify: {webhook: "http://127.0.0.1:1/services/\(webhook)?key=hunter2-query"}

        """

    /// All that was seen, by where.
    private final class Seen: Sendable {
        private let parts = Mutex<[(source: String, text: String)]>([])
        var all: [(source: String, text: String)] { parts.withLock { $0 } }

        func add(_ source: String, _ text: String) { parts.withLock { $0.append((source, text)) } }

        /// As `--output json` renders it, and as a log or a debugger would.
        func add(_ source: String, json value: some Encodable) throws {
            add(source, String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
            var dumped = ""
            dump(value, to: &dumped)
            add("\(source), printed", "\(value) \(String(reflecting: value)) \(dumped)")
        }

        /// The error that `body` must throw.
        func error(_ source: String, at location: SourceLocation = #_sourceLocation, _ body: () async throws -> Void)
            async
        {
            let error = await #expect(throws: (any Error).self, "\(source)", sourceLocation: location) {
                try await body()
            }
            add(source, error.map { "\($0) \(String(reflecting: $0))" } ?? "")
        }
    }

    @Test("Nothing of a fleet's life shows a secret", .timeLimit(.minutes(2)))
    func life() async throws {
        var secrets = PlantedSecrets()
        let seen = Seen()
        let (site, host) = (try await Site(Self.fleetFile), try BareHost())
        secrets.plant("the webhook", Self.webhook)
        secrets.plant("the webhook's query", "hunter2-query")
        secrets.plant("a credential", Self.credential)
        for path in try Self.keys(below: site.workspace.layout.root) {
            try secrets.plant(key: path, try SmallFile.read(path))
        }
        let planted = secrets.count
        try #require(planted >= 12, "root, intermediate, operator, coordinator, development and ledger have keys")

        let (tokens, renewed) = try await site.serve {
            let tokens = try await join(site, host, seen)
            let renewed = try await renew(site, host, seen)
            try await credentials(of: host, seen)
            try await deploy(site, seen)
            return (tokens, renewed)
        }
        for (index, token) in tokens.enumerated() { try secrets.plant(token: "token \(index)", token) }
        try secrets.plant(key: "the host's key", try host.bytes("etc/fleet/tls/key.pem"))
        try secrets.plant(key: "the host's renewed key", renewed)
        try await mistakes(site, seen)

        seen.add("the coordinator's log", site.log.lines)
        seen.add("the host's log", host.log.lines)
        for name in ["ledger.db", "ledger.db-wal"] where SmallFile.exists("\(site.workspace.layout.root)/\(name)") {
            let bytes = try SmallFile.read("\(site.workspace.layout.root)/\(name)")
            seen.add(name, String(decoding: bytes, as: UTF8.self))
        }
        for (source, text) in seen.all { secrets.expectNone(in: text, of: source) }
        // The search is not blind: what is no secret is found where it belongs.
        func shows(_ source: String, _ text: String) -> Bool {
            seen.all.contains { $0.source == source && $0.text.contains(text) }
        }
        #expect(shows("the coordinator's log", "host joined") && shows("the coordinator's log", "people were not told"))
        #expect(shows("the host's log", "certificate renewed"))
        #expect(shows("ledger.db", "api-key") || shows("ledger.db-wal", "api-key"))
        #expect(shows("tokens", tokens[0].id.hex) && shows("status", "web-1"))
    }

    private static func keys(below root: String) throws -> [String] {
        let paths = (FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []).map {
            "\(root)/\($0)"
        }
        return try paths.filter { path in
            guard path.hasSuffix(".pem") else { return false }
            return String(decoding: try SmallFile.read(path), as: UTF8.self).contains("PRIVATE KEY")
        }
    }

    // MARK: What happens

    /// A host joins; a thief, an expired token, an impostor and half a token are refused.
    private func join(_ site: Site, _ host: BareHost, _ seen: Seen) async throws -> [JoinToken] {
        let (thief, impostor) = (try BareHost(), try await Site())
        let used = try await site.token()
        let expired = try await site.token(for: "web-2", at: Site.now + .hours(-2))
        let open = try await site.token(for: "web-3")
        _ = try await host.join(used, at: site.server.place)
        await seen.error("a stolen token") { _ = try await thief.join(used, at: site.server.place) }
        let late = try BareHost()
        await seen.error("an expired token") { _ = try await late.join(expired, at: site.server.place) }
        try await impostor.serve {
            let victim = try BareHost()
            await seen.error("an impostor") { _ = try await victim.join(open, at: impostor.server.place) }
            seen.add("the impostor's victim's log", victim.log.lines)
        }
        seen.add("the thief's log", thief.log.lines)
        seen.add("the impostor's log", impostor.log.lines)
        let text = String(decoding: try open.text().reveal(), as: UTF8.self)
        await seen.error("half a token") { _ = try JoinToken(parsing: String(text.dropLast(8))) }
        await seen.error("an unknown token is revoked") {
            _ = try await JoinTokens(site.workspace).revoke("web-9", at: Site.now)
        }
        try seen.add("tokens", json: try await JoinTokens(site.workspace).all())
        for token in [used, expired, open] { seen.add("a token, printed", "\(token) \(String(reflecting: token))") }
        return [used, expired, open]
    }

    /// A certificate is renewed on the host, after one that is not its own was refused; answers the new key.
    private func renew(_ site: Site, _ host: BareHost, _ seen: Seen) async throws -> [UInt8] {
        let clock = HostClock(bootID: "b")
        let identity = try HostIdentity(try host.configuration(), clock: clock, logger: host.log.logger("agent"))
        let request = try await identity.request()
        let authority = try site.workspace.authority()
        let other = try authority.issue(.agent, name: "web-9", now: Site.now)
        await seen.error("another's certificate") {
            try await identity.install(chain: Array(other.certificatePEM.utf8))
        }
        let own = try authority.issue(.agent, name: "web-1", key: .request(pem: request), now: Site.now)
        try await identity.install(chain: Array(own.certificatePEM.utf8))
        seen.add("issued identities, printed", "\(other) \(own) \(String(reflecting: other)) \(identity)")
        return try host.bytes("var/lib/fleet/tls/identity.pem")
    }

    /// A credential that systemd would hand to the service; the agent sees to it that it is there.
    private func credentials(of host: BareHost, _ seen: Seen) async throws {
        let paths = try host.configuration().paths
        try FileManager.default.createDirectory(atPath: paths.credentials, withIntermediateDirectories: true)
        try Data(Self.credential.utf8).write(to: URL(filePath: "\(paths.credentials)/api-key"))
        let demands = HostDemands(paths: paths, service: ServiceName(validated: "hello"), tree: host.root)
        let secrets = [
            SecretReference(variable: "API_KEY", credential: "api-key"),
            SecretReference(variable: "OTHER", credential: "no-key"),
        ]
        #expect(demands.missingCredentials(secrets) == ["no-key"])
        seen.add("what the host demands", "\(demands) \(demands.missingCredentials(secrets))")
    }

    /// An operator rolls out to a host that does not answer; the webhook does not either.
    private func deploy(_ site: Site, _ seen: Seen) async throws {
        let there = try OperatorPlace(of: site)
        let place = try #require(try there.workspace.configuration().coordinator)
        let desk = try RemoteDesk(there.workspace, at: place, logger: site.log.logger("operator"))
        let hello = ServiceName(validated: "hello")
        let artifact = ArtifactRequest(service: hello, subject: .directory(try there.release()))
        let request = DeploymentRequest(
            service: hello,
            environment: EnvironmentName(validated: "dev"),
            reason: "a test"
        )
        let proposal = try await desk.propose(Change(.deploy(artifact), request))
        try seen.add("the plan", json: proposal)
        let rollout = try await desk.open(try proposal.plan.digest())
        let summary = try await desk.conduct(rollout, saying: [], interruptions: AsyncStream { $0.finish() }) {
            seen.add("news", "\($0) \(String(reflecting: $0))")
        }
        try seen.add("the summary", json: summary)
        try seen.add("the view", json: try await desk.view(of: rollout))
        try seen.add("history", json: try await desk.rollouts(.newest(5, of: Selection())))
        try seen.add("environments", json: try await desk.environments(Selection()))
        try seen.add("status", json: try await desk.status(Selection()))
        try seen.add("doctor", json: try await desk.examine())
        await seen.error("logs of a host that is away") {
            let query = HostLogQuery(service: hello, host: HostID(validated: "web-1"), past: 1, follows: false)
            try await desk.logs(query) { seen.add("log lines", "\($0)") }
        }
        let configuration = try site.workspace.configuration()
        var dumped = ""
        dump(configuration, to: &dumped)
        seen.add("fleet.yml, printed", "\(configuration) \(dumped)")
        let workspace = site.workspace
        let credentials = try workspace.credentials()
        seen.add(
            "credentials, printed",
            "\(credentials) \(String(reflecting: credentials)) \(try workspace.authority())"
        )
    }

    /// What people get wrong about secrets, and what they are told then.
    private func mistakes(_ site: Site, _ seen: Seen) async throws {
        let layout = site.workspace.layout
        await seen.error("a key that others may read") {
            let path = "\(site.directory)/open.pem"
            try Data(try SmallFile.read(layout.operatorKey)).write(to: URL(filePath: path))
            chmod(path, 0o644)
            _ = try TLSIdentity(certificatePath: layout.operatorCertificate, keyPath: path)
        }
        await seen.error("half a key") {
            let half = try SmallFile.read(layout.operatorKey).dropLast(60)
            _ = try TLSIdentity(certificatePEM: SmallFile.read(layout.operatorCertificate), keyPEM: Array(half))
        }
        await seen.error("a key as a certificate") {
            _ = try TLSIdentity(certificatePath: layout.operatorKey, keyPath: layout.operatorKey)
        }
        await seen.error("half a signing key") {
            _ = try SigningKey(pem: Array(SmallFile.read(layout.developmentKey).dropLast(40)))
        }
        for (source, line) in [
            ("a secret in the place of its name", "secrets: {API_KEY: \(Self.credential)}"),
            ("a secret as the credential's name", "secrets: {API_KEY: {credential: \"/\(Self.credential)\"}}"),
            ("a webhook of another scheme", "notify: {webhook: \"ftp://x/\(Self.webhook)\"}"),
        ] {
            let text = Site.fleetFile + "        \(line)\n"
            await seen.error(source) { _ = try FleetFile.parse(Array(text.utf8), file: "fleet.yml") }
        }
    }
}

/// An operator's workspace on another machine, with a release to roll out.
private final class OperatorPlace: Sendable {
    let workspace: Workspace
    private let directory: String

    init(of site: Site) throws {
        directory = FileManager.default.temporaryDirectory.path + "/fleet-operator-" + UUID().uuidString
        workspace = Workspace(fleetFile: "\(directory)/fleet.yml")
        let place = workspace.layout.identity(of: .operator)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try "fleet: scratch\ncoordinator: \(site.server.place)\n"
            .write(toFile: workspace.fleetFile, atomically: true, encoding: .utf8)
        try site.workspace.authority().issue(.operator, name: "bob", now: Site.now).write(to: place)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func release() throws -> String {
        let files = [
            ("service.yml", "service: hello\nunit: systemd/hello.service\n"),
            ("systemd/hello.service", "[Service]\nExecStart=/bin/true\n"),
        ]
        for (path, text) in files {
            let url = URL(filePath: "\(directory)/dist/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }
        return "\(directory)/dist"
    }
}
