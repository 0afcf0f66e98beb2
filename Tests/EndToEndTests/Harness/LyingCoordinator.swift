import Artifacts
import Coordinator
import Foundation
import Liar
import Model
import Testing
import Trust

/// One rollout of a coordinator that was rebuilt to say whatever a scenario wants, to real hosts: see `Liar`.
struct LyingCoordinator {
    private let fleet: Fleet
    let rollout: RolloutID
    let epoch: Epoch
    private var sequence: Int64 = 0
    private var lines: [Script.Line] = []

    static let service = ServiceName(validated: "hello")
    static let environment = EnvironmentName(validated: FleetFile.environment)

    init(_ fleet: Fleet, rollout number: Int, epoch: Int64) throws {
        self.fleet = fleet
        self.epoch = Epoch(epoch)
        rollout = RolloutID(ledger: try fleet.workspace().ledger().id, number: number)
    }

    static func host(_ number: Int) -> HostID { HostID(validated: "h\(number)") }

    /// An honest order of this rollout for all hosts.
    func order(_ goods: Goods, hosts: [Int]? = nil) throws -> Order {
        let now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        return Order(
            plan: SHA256.digest(of: Array("plan of \(goods.id)".utf8)),
            release: goods.id.digest,
            service: Self.service,
            environment: Self.environment,
            hosts: (hosts ?? Array(1...fleet.count)).map(Self.host),
            epoch: epoch,
            rollout: rollout,
            requester: OperatorName(validated: "tester"),
            startBy: now + .minutes(15),
            validUntil: now + .hours(24),
            catchUpUntil: now + .days(7)
        )
    }

    // MARK: Words, in the order in which they are said

    mutating func claim(_ host: Int, epoch older: Epoch? = nil) {
        let claim = Claim(
            service: Self.service,
            environment: Self.environment,
            rollout: rollout,
            epoch: older ?? epoch,
            holder: "tester",
            since: WallTime(milliseconds: 0)
        )
        say(.claim(claim), to: host, epoch: older)
    }

    mutating func deliver(_ goods: Goods, to host: Int) {
        lines.append(.deliver(goods.release.artifact, to: Self.host(host)))
    }

    mutating func activate(_ goods: Goods, _ purpose: Purpose = .deploy, on host: Int, epoch older: Epoch? = nil) {
        let order = ActivateOrder(
            release: goods.id,
            purpose: purpose,
            activateWithin: .minutes(5),
            commitWithin: .minutes(1)
        )
        say(.activate(order), to: host, epoch: older)
    }

    mutating func say(_ request: HostRequest, to host: Int, epoch older: Epoch? = nil) {
        sequence += 1
        let command = HostCommand(
            id: RequestID(rollout: rollout, epoch: older ?? epoch, sequence: sequence),
            service: Self.service,
            environment: Self.environment,
            request: request
        )
        lines.append(.say(command, to: Self.host(host)))
    }

    /// Says everything, and answers what the hosts did.
    func speak() async throws -> [Script.Answer] {
        let script = Script(
            service: Self.service,
            environment: Self.environment,
            rollout: rollout,
            lines: lines
        )
        let file = "\(fleet.log("script")).json"
        try JSONEncoder().encode(script).write(to: URL(filePath: file))
        let liar = "\(Machine.checkout)/.build/debug/Liar"
        let end = try await fleet.beside([liar, "\(fleet.directory)/fleet.yml", file], subject: "liar").end()
        try #require(end.code == 0, "\(end)")
        let answers = try JSONDecoder().decode([Script.Answer].self, from: Data(end.output.utf8))
        try #require(answers.count == lines.count)
        return answers
    }

    /// A release that lies in the workspace's store, with what vouches for it.
    struct Goods {
        let release: Release
        let id: ReleaseID
        let provenance: [[UInt8]]

        /// The order as it travels.
        func material(_ order: [UInt8], approvals: [[UInt8]] = []) throws -> PrepareOrder {
            PrepareOrder(
                order: order,
                release: try CanonicalJSON.encode(release),
                provenance: provenance,
                approvals: approvals
            )
        }

        func material(_ order: Order, approvals: [[UInt8]] = []) throws -> PrepareOrder {
            try material(try CanonicalJSON.encode(order), approvals: approvals)
        }
    }
}

extension Fleet {
    func workspace() throws -> Workspace { try .find(named: "\(directory)/fleet.yml", from: directory) }

    /// Takes a signed artifact of the workspace into its store, unread.
    func goods(_ version: String, artifact path: String) throws -> LyingCoordinator.Goods {
        let file = "\(directory)/\(path)"
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let artifact = Artifact(digest: SHA256.digest(of: bytes), size: ByteCount(Int64(bytes.count)), format: .tar)
        let ingest = try workspace().artifacts().ingest(artifact.digest, size: artifact.size)
        try ingest.write(bytes)
        try ingest.commit()
        let release = Release(
            service: LyingCoordinator.service,
            environment: LyingCoordinator.environment,
            version: try Version(parsing: version),
            artifact: artifact
        )
        return LyingCoordinator.Goods(
            release: release,
            id: ReleaseID(version: release.version, digest: try release.digest()),
            provenance: try ProvenanceFiles.beside(file).flatMap(ProvenanceFiles.read)
        )
    }

    /// A release of the example that works.
    func goods(_ version: String) async throws -> LyingCoordinator.Goods {
        try goods(version, artifact: try await artifact(try await build(version)))
    }
}
