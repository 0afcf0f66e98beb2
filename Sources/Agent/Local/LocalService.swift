internal import Activation
internal import Artifacts
internal import Configuration
internal import Glibc
internal import Model
internal import Storage
internal import Trust

/// Does what a person on the host asks for.
struct LocalService: Sendable {
    let agent: HostAgent
    let host: HostServices
    let journal: AgentJournal
    /// Reads whole releases, one at a time; the host's own thread belongs to the journal and the switches.
    private let reader = DedicatedThread(name: "fleet-verify")

    func perform(_ call: LocalCall, user: String) async -> LocalReply {
        do {
            return switch call {
            case .status: .status(await agent.report())
            case .history(let service, let limit): .history(try await journal.history(of: service, limit: limit))
            case .apply(let wish): .ended(try await apply(wish, user: user))
            case .rollback(let service, let release, let reason, let order):
                .ended(
                    try await ask(
                        service,
                        try await rollback(service, to: release, because: reason, by: order),
                        user: user
                    )
                )
            case .verify(let service): try await verify(service)
            case .repair(let service): .ended(try await ask(service, .repair, user: user))
            case .unhold(let service): .ended(try await ask(service, .unhold, user: user))
            case .deadMan(let service): try await deadMan(service)
            }
        } catch {
            return .failed(EffectPerformer.failure(error))
        }
    }

    private func ask(_ service: ServiceName, _ request: LocalRequest, user: String) async throws -> HostReply {
        let requester = Requester.local(LocalTicket.next(), user: user)
        return try await agent.runner(of: service).ask(requester, .local(request, requester))
    }

    private func apply(_ wish: LocalApply, user: String) async throws -> HostReply {
        guard let format = ArtifactFormat(fileName: wish.artifact) else {
            throw Failure(
                .artifactRefused,
                "'\(wish.artifact)' has no known ending: .tar, .tar.gz, .tar.zst, .tar.xz, .deb"
            )
        }
        let artifact = try await store(wish.artifact, format: format)
        let local = try wish.local(of: artifact)
        if local.order != nil { _ = try host.intake.approvals().orderDemand(for: wish.service, in: wish.environment) }
        let requester = Requester.local(LocalTicket.next(), user: user)
        let runner = await agent.runner(of: wish.service, in: wish.environment)
        return try await runner.ask(requester, .local(.apply(local), requester))
    }

    /// Copies an artifact from the host's disk into the content store.
    private func store(_ path: String, format: ArtifactFormat) async throws -> Artifact {
        try await BlockingThread.run { [host] () throws(ArtifactError) in
            let (digest, size) = try OpenFile(path: path, flags: O_RDONLY).digest(name: path)
            let artifact = Artifact(digest: digest, size: size, format: format)
            guard try !host.artifacts.holds(digest) else { return artifact }
            let ingest = try host.ingest(digest, size: size)
            let file = try OpenFile(path: path, flags: O_RDONLY)
            var chunk = [UInt8](repeating: 0, count: 1 << 20)
            while true {
                let count = read(file.descriptor, &chunk, chunk.count)
                guard count >= 0 else { throw ArtifactError(.system, path: path, "can't be read") }
                guard count > 0 else { break }
                try ingest.write(Array(chunk[..<count]))
            }
            try ingest.commit()
            return artifact
        }
    }

    private func rollback(
        _ service: ServiceName,
        to wanted: String?,
        because reason: String?,
        by order: ApprovedOrder?
    ) async throws -> LocalRequest {
        let runner = try await agent.runner(of: service)
        let environment = await runner.report.environment
        if order != nil { _ = try host.intake.approvals().orderDemand(for: service, in: environment) }
        let leave = leave(by: order, service, environment)
        guard let wanted else {
            // An order says itself where to.
            var target: Digest?
            if case .order(let read, _) = leave { target = read.releaseDigest }
            return .rollback(to: target, breakingClaim: reason, leave: leave)
        }
        let releases = await runner.releases
        let matches = releases.filter { $0.id.version.text == wanted || $0.id.digest.hex.hasPrefix(wanted) }
        guard let match = matches.last, matches.count == 1 else {
            let known = releases.map(\.id.description).joined(separator: ", ")
            let found = matches.isEmpty ? "no release" : "\(matches.count) releases"
            throw Failure(.nothingToRollBackTo, "'\(wanted)' names \(found) of this host; it has \(known)")
        }
        return .rollback(to: match.id.digest, breakingClaim: reason, leave: leave)
    }

    /// What this host's policy says of going back further than anybody may.
    func leave(
        by order: ApprovedOrder?,
        _ service: ServiceName,
        _ environment: EnvironmentName
    ) -> LocalLeave {
        // The way back that is everybody's depends neither on a policy that can be read nor on an order that is good.
        do {
            let approvals = try host.intake.approvals()
            guard let order else {
                return approvals.demand(for: service, in: environment).map { .refused($0.failure(.goingBack)) }
                    ?? .notDemanded
            }
            let read = try LocalApply.read(order)
            let material = order.material()
            let now = host.clock.wall
            let found = try host.intake.provenance(of: read.release, from: material.provenance, at: now)
            return .order(
                read,
                try approvals.judge(material, of: read.release, found, demand: .provenanceAndApprovals, at: now)
            )
        } catch {
            return .refused(EffectPerformer.failure(error))
        }
    }

    private func verify(_ service: ServiceName) async throws -> LocalReply {
        let runner = try await agent.runner(of: service)
        guard let (release, manifest) = await runner.expected else {
            throw Failure(.nothingToRollBackTo, "service '\(service)' has no release on this host")
        }
        let store = ReleaseStore(service: service, paths: host.paths, thread: reader)
        var differences = await store.differences(of: release, manifest: manifest)
        if let deployment = await runner.settled { differences += await store.instanceDifferences(of: deployment) }
        return .verified(release, differences: differences)
    }

    private func deadMan(_ service: ServiceName) async throws -> LocalReply {
        let runner = try await agent.runner(of: service)
        runner.send(.deadManFired)
        try await runner.idle()
        return .status(await agent.report())
    }
}
