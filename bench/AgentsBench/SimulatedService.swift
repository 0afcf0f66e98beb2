import Activation
import Model
import NIOCore
import Protocol
import Session
import Trust

/// Answers a coordinator as an agent does, for a host that exists only here.
struct SimulatedService: SessionHandler {
    let agent: SimulatedAgent
    let tally: Tally

    func handle(_ request: Request, _ call: Call) async throws -> Response {
        switch request {
        case .command(let command):
            tally.count(command.request)
            return .reply(await agent.perform(command, Self.read(command.request)))
        case .status: return .status(await agent.report)
        case .reports:
            for await report in agent.feed.follow() { try await call.send(.report(report)) }
            return .ended
        case .findArtifact(let digest): return .artifact(await agent.has(digest) ? .present : .absent)
        case .pushArtifact(let offer, _):
            var size = 0
            for try await chunk in try await call.artifactBytes() { size += chunk.readableBytes }
            tally.count(artifact: size)
            await agent.store(offer.digest)
            return .artifact(.stored)
        case .history: return .history([])
        case .logs: return .ended
        case .checkpoints: return .checkpoints([])
        case .trust: return .trust(nil)
        case .facts, .figures, .unhold, .ledgerWord, .desk, .join, .openBulk, .dialBulk, .membership,
            .requestCertificate,
            .installCertificate, .publishTrust, .receipts:
            throw Problem.refused("a simulated host does not know this")
        }
    }

    private static func read(_ request: HostRequest) -> Reading {
        // Without a disk to remember the ledger by.
        if case .claim = request { return .continued }  // what a host remembers of a ledger is no part of this bench
        guard case .prepare(let material) = request else { return .nothing }
        do {
            return .order(
                ReadOrder(
                    order: try CanonicalJSON.decode(Order.self, from: material.order),
                    release: try CanonicalJSON.decode(Release.self, from: material.release),
                    releaseDigest: SHA256.digest(of: material.release)
                )
            )
        } catch {
            return .unreadable(Failure(.orderRefused, "the order can't be read: \(error)"))
        }
    }
}
