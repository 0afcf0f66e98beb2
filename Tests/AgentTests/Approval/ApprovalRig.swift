import Activation
import Configuration
import Foundation
import Model
import Testing
import Trust

@testable import Agent

/// One host's real decisions and its real verification of approvals, by keys and signatures of the real `ssh-keygen`; its
/// disk never fails.
final class ApprovalRig {
    static let service = ServiceName(validated: "web")
    static let environment = EnvironmentName(validated: "production")
    static let now = WallTime(milliseconds: 1_790_000_000_000)

    let scratch = Scratch()
    private var machine = ServiceMachine(
        host: HostID(validated: "web-1"),
        service: ApprovalRig.service,
        environment: ApprovalRig.environment
    )
    var rollout = RolloutID(ledger: LedgerID(validated: "aaaaaaaa-0000-0000-0000-000000000000"), number: 1)
    var epoch = Epoch(1)
    private var sequence: Int64 = 0
    private var clock: Int64 = 0
    /// What receipts say.
    private(set) var acts: [HostAct] = []
    private var people: Int64 = 0

    /// A host that demands `approvals` for production of alice, bob and carol; night may break the glass, mallory nothing.
    init(approvals: Int = 2) throws {
        for person in ["alice", "bob", "carol", "night", "mallory"] {
            try shell("ssh-keygen -q -t ed25519 -N '' -C \(person) -f \(person)")
        }
        try shell("mkdir trust")
        try shell(
            """
            line() { printf '%s %s\\n' "$2" "$(cut -d' ' -f1,2 "$1.pub")"; }
            for p in alice bob carol; do line $p $p@example.com; done > trust/approvers
            line night 'night namespaces="fleet-break-glass"' > trust/break-glass
            """
        )
        try scratch.write("trust/policy.yml", "rules:\n  - {environment: production, approvals: \(approvals)}\n")
    }

    func shell(_ script: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-euo", "pipefail", "-c", script]
        process.currentDirectoryURL = URL(filePath: scratch.path)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(script)")
    }

    /// What `ssh-keygen -Y sign` makes of these bytes.
    func sign(_ bytes: [UInt8], _ person: String, for namespace: String = ApprovalPolicy.namespace) throws -> [UInt8] {
        try Data(bytes).write(to: URL(filePath: "\(scratch.path)/message"))
        try shell("rm -f message.sig; ssh-keygen -q -Y sign -n \(namespace) -f \(person) message")
        return [UInt8](try Data(contentsOf: URL(filePath: "\(scratch.path)/message.sig")))
    }

    // MARK: What travels

    static func release(_ version: String) -> Release {
        let digest = SHA256.digest(of: Array(version.utf8))
        return Release(
            service: service,
            environment: environment,
            version: Version(validated: version),
            artifact: Artifact(digest: digest, size: .mebibytes(1), format: .tar)
        )
    }

    static func id(_ version: String) throws -> ReleaseID {
        ReleaseID(version: Version(validated: version), digest: try release(version).digest())
    }

    /// An honest order for `version`, which alice asked for.
    func order(_ version: String) throws -> Order {
        Order(
            plan: SHA256.digest(of: Array("plan of \(version)".utf8)),
            release: try Self.id(version).digest,
            service: Self.service,
            environment: Self.environment,
            hosts: [HostID(validated: "web-1"), HostID(validated: "web-2")],
            epoch: epoch,
            rollout: rollout,
            requester: OperatorName(validated: "alice@laptop"),
            reason: "release",
            startBy: Self.now + .hours(1),
            validUntil: Self.now + .hours(24),
            catchUpUntil: Self.now + .days(7)
        )
    }

    func material(
        _ order: Order,
        _ version: String,
        by people: [String],
        for namespace: String = ApprovalPolicy.namespace
    ) throws -> PrepareOrder {
        let bytes = try CanonicalJSON.encode(order)
        return PrepareOrder(
            order: bytes,
            release: try CanonicalJSON.encode(Self.release(version)),
            provenance: [],
            approvals: try people.map { try sign(bytes, $0, for: namespace) }
        )
    }

    /// What bob and carol have approved, changed afterwards.
    func edited(_ change: (inout Order) -> Void) throws -> PrepareOrder {
        var order = try order("2")
        var material = try material(order, "2", by: ["bob", "carol"])
        change(&order)
        material.order = try CanonicalJSON.encode(order)
        return material
    }

    /// What bob and carol have approved although it is of this kind.
    func signed(_ change: (inout Order) -> Void) throws -> PrepareOrder {
        var order = try order("2")
        change(&order)
        return try material(order, "2", by: ["bob", "carol"])
    }

    // MARK: The host

    func claim() throws -> HostReply {
        let claim = Claim(
            service: Self.service,
            environment: Self.environment,
            rollout: rollout,
            epoch: epoch,
            holder: "alice@laptop",
            since: Self.now
        )
        return try say(.claim(claim))
    }

    @discardableResult
    func say(_ request: HostRequest) throws -> HostReply {
        sequence += 1
        let id = RequestID(rollout: rollout, epoch: epoch, sequence: sequence)
        let command = HostCommand(id: id, service: Self.service, environment: Self.environment, request: request)
        // The ledger is honest here: what hosts do about one that is not, LedgerGuardTests show.
        let reading = if case .claim = request { Reading.continued } else { RemoteService.read(request) }
        return try feed(.command(command, reading))
    }

    /// What a person on the host asks for.
    @discardableResult
    func ask(_ request: LocalRequest) throws -> HostReply {
        people += 1
        return try feed(.local(request, .local(people, user: "root")))
    }

    private func feed(_ event: ServiceMachine.Event) throws -> HostReply {
        var reply: HostReply?
        var events = [event]
        while !events.isEmpty {
            clock += 1000
            let boot = BootInstant(bootID: "boot", instant: Instant(milliseconds: clock))
            for action in machine.handle(events.removeFirst(), at: Moment(boot: boot, wall: Self.now)) {
                switch action {
                case .perform(let effect, let token): events.append(.finished(token, perform(effect)))
                case .reply(_, let found): reply = found
                case .wake, .disarmDeadMan, .discardStaging, .delete, .announce: break
                case .attest(let act): acts.append(act)
                }
            }
        }
        return try #require(reply)
    }

    func activate(_ version: String, _ purpose: Purpose = .deploy) throws -> HostReply {
        let order = ActivateOrder(
            release: try Self.id(version),
            purpose: purpose,
            activateWithin: .minutes(5),
            commitWithin: .minutes(1)
        )
        return try say(.activate(order))
    }

    /// Brings a release in with the approval of bob and carol.
    func deploy(_ version: String, isConfirmed: Bool = true) throws {
        _ = try claim()
        try say(.prepare(try material(try order(version), version, by: ["bob", "carol"])))
        _ = try activate(version)
        let digest = try Self.id(version).digest
        try #require(try say(.commit(release: digest)) == .committed(try Self.id(version)))
        if isConfirmed { try say(.confirm(release: digest)) }
    }

    /// Another rollout takes the host.
    func nextRollout() throws {
        try say(.releaseClaim)
        rollout = RolloutID(ledger: rollout.ledger, number: rollout.number + 1)
        epoch = epoch.next
        sequence = 0
        _ = try claim()
    }

    var current: InstalledRelease? { machine.report.current }
    var held: String? { machine.report.held }

    private func perform(_ effect: Effect) -> EffectResult {
        let unit = UnitState(unit: Self.unit, active: "active", sub: "running", result: "success", restarts: 0)
        switch effect {
        case .verify(let verification):
            do {
                return .verified(try judge(verification))
            } catch {
                return .failed(EffectPerformer.failure(error))
            }
        case .inspect:
            let spec = ServiceSpec(service: Self.service, unit: .existing(Self.unit), healthyFor: .zero)
            return .inspected(Inspection(spec: spec, unit: .foreign))
        case .start, .reload: return .started(unit)
        case .check: return .checked(CheckRound(unit: unit, checks: []))
        case .handOver: return .failed(Failure(.internalError, "a service that is no agent was handed over"))
        case .reserve, .unpack, .install, .armDeadMan, .runHook, .migrate, .askIdle, .stop, .restore, .switchTo,
            .directTraffic:
            return .done
        case .lookAtTraffic: return .traffic([])
        }
    }

    private func judge(_ verification: Verification) throws -> Verdict {
        let policy = try TrustPolicyFile.parse(Array((scratch.text("trust/policy.yml") ?? "").utf8), file: "policy.yml")
        let provenance = Provenance(
            artifactName: "web",
            artifact: verification.release.artifact.digest,
            builder: "https://ci.example.com"
        )
        return try ApprovalIntake(policy: policy, paths: scratch.paths).judge(
            verification.material,
            of: verification.release,
            provenance,
            demand: verification.demand,
            at: Self.now
        )
    }

    private static let unit = UnitName(validated: "web.service")
}
