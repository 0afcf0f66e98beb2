internal import Activation
internal import Artifacts
package import Configuration
internal import Glibc
internal import Model
internal import Storage
internal import Trust

/// What `agent apply` would do with an artifact, found without changing anything.
package struct LocalPlan: Sendable {
    /// For people, in order.
    package private(set) var lines: [String] = []
    /// What would keep it from being done.
    package private(set) var refusals: [String] = []

    private let wish: LocalApply
    private let configuration: AgentConfiguration
    private let intake: ReleaseIntake

    /// Looks at the artifact, its provenance and the host; `way` is how systemd is reached.
    ///
    /// Nothing is parsed of an artifact that nobody vouches for, so the first refusal of that kind ends the plan.
    package static func make(
        _ wish: LocalApply,
        _ configuration: AgentConfiguration,
        way: BusAddress = .systemBus
    ) async throws -> Self {
        guard let format = ArtifactFormat(fileName: wish.artifact) else {
            throw Failure(
                .artifactRefused,
                "'\(wish.artifact)' has no known ending: .tar, .tar.gz, .tar.zst, .tar.xz, .deb"
            )
        }
        var plan = Self(wish, configuration, try UnpackTool(path: configuration.unpackTool))
        let (digest, size) = try plan.open().digest(name: wish.artifact)
        plan.lines.append("artifact    \(wish.artifact), \(size), sha256 \(digest)")
        let artifact = Artifact(digest: digest, size: size, format: format)
        guard let local = plan.release(of: artifact), let provenance = plan.vouch(for: local) else { return plan }
        await plan.approve(local, provenance)
        guard let (listing, spec) = await plan.read(artifact) else { return plan }
        plan.judge(artifact, listing, spec)
        await plan.lookAtHost(local, way)
        await plan.lookAtUnits(spec, listing, format, way)
        let paths = configuration.paths
        let steps = steps(spec, releases: paths.releases(wish.service), current: paths.current(wish.service))
        plan.lines += steps.enumerated().map { "\($0.offset + 1). \($0.element)" }
        return plan
    }

    private init(_ wish: LocalApply, _ configuration: AgentConfiguration, _ tool: UnpackTool) {
        self.wish = wish
        self.configuration = configuration
        intake = ReleaseIntake(tool: tool, limits: configuration.limits, paths: configuration.paths)
    }

    // MARK: The artifact

    private func open() throws(ArtifactError) -> OpenFile { try OpenFile(path: wish.artifact, flags: O_RDONLY) }

    /// Takes down what `body` refuses; false when it did.
    @discardableResult
    private mutating func check(_ body: (inout Self) throws -> Void) -> Bool {
        do {
            try body(&self)
            return true
        } catch {
            refusals.append("\(error)")
            return false
        }
    }

    private mutating func release(of artifact: Artifact) -> LocalRelease? {
        do {
            return try wish.local(of: artifact)
        } catch {
            refusals.append("\(error)")
            return nil
        }
    }

    /// Who vouches for the release, beside what this host's policy demands; nil when that is not met.
    private mutating func vouch(for local: LocalRelease) -> Provenance? {
        do {
            lines += try intake.demands(of: local.release).map { "demands     \($0)" }
            let found = try intake.provenance(of: local.release, from: local.material.provenance, at: now)
            let source = found.source.map { " from \($0.repository) at \($0.short)" } ?? ""
            lines.append("provenance  built by \(found.builder)\(source)")
            try intake.judge(local.release.artifact.digest, size: local.release.artifact.size)
            return found
        } catch {
            refusals.append("\(error)")
            return nil
        }
    }

    private var now: WallTime { HostClock(bootID: "").wall }

    /// By whose leave the release would run here, by the policy of this host and by what it has seen before.
    private mutating func approve(_ local: LocalRelease, _ provenance: Provenance) async {
        let now = now
        if let order = local.order {
            let times = "start by \(order.startBy), catch up until \(order.catchUpUntil)"
            lines.append("order       of \(order.rollout.label), asked for by \(order.requester), \(times)")
            let read = ReadOrder(order: order, release: local.release, releaseDigest: local.digest)
            if let refusal = await machine().refusal(ofLocal: read, at: now) { refusals.append("\(refusal)") }
        }
        check { plan in
            let approvals = try plan.intake.approvals()
            if local.order != nil { _ = try approvals.orderDemand(for: plan.wish.service, in: plan.wish.environment) }
            let verdict = try approvals.judge(
                local.material,
                of: local.release,
                provenance,
                demand: .provenanceAndApprovals,
                at: now
            )
            if let broken = verdict.breakGlass {
                plan.lines.append("approvals   BREAK-GLASS by \(broken.by), instead of those that are missing")
            } else if let demand = approvals.demand(for: plan.wish.service, in: plan.wish.environment) {
                let people = try approvals.people(behind: local.material, demand.people, provenance, at: now)
                plan.lines.append("approvals   of \(people.joined(separator: ", "))")
            }
        }
    }

    /// What the agent wrote down of the service; a new one where it can't be read, or is not known here.
    private func machine() async -> ServiceMachine {
        let new = ServiceMachine(host: configuration.host, service: wish.service, environment: wish.environment)
        let thread = DedicatedThread(name: "fleet-plan")
        defer { thread.stop() }
        let journal = try? AgentJournal(path: configuration.paths.database, thread: thread, access: .readOnly)
        let known = try? await journal?.machines().map(\.machine).first { $0.service == wish.service }
        return (known ?? nil) ?? new
    }

    /// What the artifact holds, within this host's bounds; nil when it is refused.
    private mutating func read(_ artifact: Artifact) async -> (UnpackResult, ServiceSpec)? {
        do {
            let listing = try await intake.list(try open(), format: artifact.format)
            lines.append("content     \(listing.entries) entries, \(listing.bytes) unpacked")
            let name = try RelativePath(parsing: ServiceSpec.fileName)
            let text = try await intake.content(of: name, in: try open(), format: artifact.format)
            return (listing, try ServiceFile.parse(text, file: name.text))
        } catch {
            refusals.append("\(error)")
            return nil
        }
    }

    private mutating func judge(_ artifact: Artifact, _ listing: UnpackResult, _ spec: ServiceSpec) {
        if spec.service != wish.service {
            refusals.append("the artifact is of service '\(spec.service)', not '\(wish.service)'")
        }
        check { plan in try listing.debian?.judge(spec, scripts: plan.wish.debianScripts) }
        let paths = configuration.paths
        for (path, size) in [(paths.state, artifact.size), (paths.services, intake.room(for: listing))] {
            check { plan in
                let directory = try OpenFile(path: path, flags: O_RDONLY | O_DIRECTORY)
                let reserve = plan.configuration.limits.minFreeDisk
                try DiskSpace.require(size, keepingFree: reserve, at: directory, path: path)
            }
        }
    }

    // MARK: The host

    /// What the agent, or what it wrote down last, says of the service.
    private mutating func lookAtHost(_ local: LocalRelease, _ way: BusAddress) async {
        guard let service = await report(way)?.services.first(where: { $0.service == wish.service }) else { return }
        if let claim = service.claim {
            refusals.append("\(claim.rollout.label) of \(claim.holder) holds the service since \(claim.since)")
        }
        if let operation = service.operation, operation.phase == .preparing || operation.phase.isInFlight {
            refusals.append("\(operation.target) is \(operation.phase.rawValue) here; wait until it has ended")
        }
        if service.environment != wish.environment {
            refusals.append("the service is of environment '\(service.environment)' here, not '\(wish.environment)'")
        }
        guard local.digest == service.current?.id.digest else { return }
        lines.append("current     this very release runs already: there is nothing to do")
    }

    private func report(_ way: BusAddress) async -> HostReport? {
        // Without an agent, or the right to ask it, what it wrote down is enough; a host without either has no service.
        if case .status(let report)? = try? LocalClient(path: configuration.paths.socket).ask(.status) { return report }
        return try? await StoredStatus.read(configuration, way: way)
    }

    /// What the release needs of its host, and whose unit it would replace.
    private mutating func lookAtUnits(
        _ spec: ServiceSpec,
        _ listing: UnpackResult,
        _ format: ArtifactFormat,
        _ way: BusAddress
    ) async {
        do {
            let entries = try listing.manifest.entries().map { ($0.path.text, $0.kind) }
            let paths = configuration.paths
            let demands = HostDemands(
                paths: paths,
                service: wish.service,
                tree: paths.current(wish.service),
                listing: Dictionary(entries) { first, _ in first }
            )
            refusals += demands.missingCommands(spec)
            let id = ReleaseID(version: wish.version, digest: listing.manifest.digest)
            var contents: [[UInt8]] = []
            for path in Deployment(id: id, spec: spec).unitFiles {
                let content = try await intake.content(of: path, in: try open(), format: format)
                contents.append(content)
                refusals += demands.missing(inUnit: content, named: path.name)
                if spec.strategy == .blueGreen {
                    refusals += demands.sharedPaths(inTemplate: content, named: path.name)
                }
            }
            if spec.strategy == .reload, case .file = spec.unit {
                refusals += HostDemands.missingReload(in: contents, of: spec)
            }
            try await judgeUnit(spec, way)
        } catch {
            refusals.append("\(error)")
        }
    }

    private mutating func judgeUnit(_ spec: ServiceSpec, _ way: BusAddress) async throws {
        guard let name = spec.unit.unitName else { return }
        let occupant = try UnitInstaller(paths: configuration.paths).occupant(of: name)
        var exists = occupant != .nothing
        if !exists {
            let systemd = try Systemd(by: way)
            defer { systemd.close() }
            exists = try await systemd.inspect(name.loaded(by: spec)).exists
        }
        switch spec.unit {
        case .existing where !exists: refusals.append("\(name) shall exist on the host and does not")
        case .file where exists && occupant != .ours && wish.adoption == .refuse:
            refusals.append("\(name) exists and was not installed by Fleet; --adopt replaces it")
        case .existing, .file, .absent: break
        }
    }
}
