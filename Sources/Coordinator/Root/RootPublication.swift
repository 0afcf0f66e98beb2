package import Model
internal import Protocol
internal import Session
package import Trust

/// Brings hosts to the present trust root, version by version; each decides for itself.
package struct RootPublication: Sendable {
    /// Time for one host to answer.
    private static let answerTime = Duration.seconds(20)

    package enum Outcome: Hashable, Sendable {
        case brought(from: Int)
        case isCurrent
        /// Trusts files alone.
        case hasNoRoot
        /// Has a version that this workspace does not know.
        case isAhead(Int)
        /// Has the same version with another content.
        case differs(Digest)
    }

    private let dialer: HostDialer
    private let chain: [(state: TrustState, bytes: [UInt8])]

    /// `roots` are all versions from the first.
    package init(_ dialer: HostDialer, roots: [SignedRoot]) throws {
        self.dialer = dialer
        chain = try roots.map { signed in
            (TrustState(version: signed.root.version, digest: signed.digest), try signed.json())
        }
    }

    /// The outcomes stand in the order of the hosts.
    package func bring(to hosts: [Host]) async -> [Result<Outcome, any Error>] {
        await dialer.ask(hosts) { [chain] session in try await Self.bring(chain, session) }
    }

    /// The same, and records what came of it before anybody hears of it.
    package func bring(
        to hosts: [Host],
        recordedIn ledger: Ledger,
        by author: Author
    ) async throws -> [Result<Outcome, any Error>] {
        let outcomes = await bring(to: hosts)
        try await ledger.record(record(of: outcomes, hosts, by: author, at: CoordinatorClock().wall))
        return outcomes
    }

    private func record(
        of outcomes: [Result<Outcome, any Error>],
        _ hosts: [Host],
        by author: Author,
        at now: WallTime
    ) -> LedgerRecord {
        var record = LedgerRecord(.trustPublished, by: author, at: now)
        var oldest: Int?
        var refusals: [String] = []
        for (host, outcome) in zip(hosts, outcomes) {
            switch outcome {
            case .success(.isCurrent): continue
            case .success(.brought(let old)): oldest = min(oldest ?? old, old)
            case .success(.hasNoRoot): refusals.append("\(host.id) follows no root")
            case .success(.isAhead(let newer)): refusals.append("\(host.id) follows version \(newer)")
            case .success(.differs(let digest)): refusals.append("\(host.id) follows another root, \(digest.short)")
            case .failure(let error): refusals.append("\(host.id): \(error)")
            }
        }
        record.hosts = hosts.map(\.id)
        record.before = oldest.map { "version \($0)" }
        record.after = chain.last.map { "version \($0.state.version), \($0.state.digest)" }
        record.outcome = refusals.isEmpty ? "done" : "failed"
        record.why = refusals.isEmpty ? nil : refusals.joined(separator: "; ")
        return record
    }

    private static func bring(
        _ chain: [(state: TrustState, bytes: [UInt8])],
        _ session: Session
    ) async throws -> Outcome {
        guard let held = try await session.trust(within: answerTime) else { return .hasNoRoot }
        guard held.version <= chain.count else { return .isAhead(held.version) }
        guard held.version >= 1, chain[held.version - 1].state.digest == held.digest else {
            return .differs(held.digest)
        }
        for next in chain[held.version...] { _ = try await session.publishTrust(next.bytes, within: answerTime) }
        return held.version == chain.count ? .isCurrent : .brought(from: held.version)
    }
}
