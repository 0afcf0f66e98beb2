import Foundation
import Model
import Protocol
import TLS
import Testing

@testable import Session

/// The table of docs/protocol.md against the code and against real sessions, cell by cell.
struct RoleTableTests {
    /// What a role may do, as the page says.
    struct Cell: CustomTestStringConvertible, Sendable {
        let role: String
        let right: String
        let isAllowed: Bool
        var testDescription: String { "\(role) \(isAllowed ? "may" : "may not") \(right)" }
    }

    static let cells: [Cell] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = (try? String(contentsOf: root.appending(path: "docs/protocol.md"), encoding: .utf8)) ?? ""
        let lines = page.split(separator: "\n").drop { !$0.hasPrefix("| right |") }.prefix { $0.hasPrefix("|") }
        let rows = lines.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        guard let head = rows.first else { return [] }
        return rows.dropFirst(2).flatMap { row in
            zip(head, row).dropFirst().map { Cell(role: $0, right: row[0], isAllowed: $1 == "yes") }
        }
    }()

    /// Requests that need a right, at least one for each.
    private static func requests(for right: Right) throws -> [Request] {
        let id = try Samples.command().id.rollout
        let prepare = PrepareOrder(order: [1], release: [2], provenance: [], approvals: [])
        let release = ReleaseID(version: try Version(parsing: "1"), digest: Samples.digest)
        let activate = ActivateOrder(
            release: release,
            purpose: .deploy,
            activateWithin: .seconds(1),
            commitWithin: .seconds(1)
        )
        let claim = Claim(
            service: try ServiceName(parsing: "web"),
            environment: try EnvironmentName(parsing: "production"),
            rollout: id,
            epoch: Epoch(1),
            holder: "c1",
            since: WallTime(milliseconds: 0)
        )
        func command(_ request: HostRequest) throws -> Request { .command(try Samples.command(request)) }
        let service = try ServiceName(parsing: "web")
        let offer = ArtifactOffer(digest: Samples.digest, size: ByteCount(1), encoding: .identity)
        return switch right {
        case .read:
            [
                .status, .reports(runs: nil), .facts, .history(HistoryQuery(service: nil, limit: 1)),
                .findArtifact(Samples.digest), .checkpoints, .trust, .receipts(after: .none),
                .figures(service),
                try command(.inspectClaim),
            ]
        case .readLogs: [.logs(LogQuery(service: service, past: 1, end: .now))]
        case .claim: [.reports(runs: id), try command(.claim(claim)), try command(.releaseClaim)]
        case .prepare: [try command(.prepare(prepare))]
        case .activate: [try command(.migrate(release: Samples.digest)), try command(.activate(activate))]
        case .commit: [try command(.commit(release: Samples.digest))]
        case .remove: [try command(.remove(release: Samples.digest, reason: "no"))]
        case .revert: [try command(.revert(release: Samples.digest, reason: "no"))]
        case .discard: [try command(.discard(release: Samples.digest))]
        case .confirm: [try command(.confirm(release: Samples.digest))]
        case .unhold: [.unhold(service)]
        case .pushArtifacts: [.openBulk, .pushArtifact(offer, on: StreamID(1))]
        case .tendIdentity: [.membership(revocations: []), .requestCertificate, .installCertificate(chain: [1])]
        case .vouchForLedgers: [.ledgerWord(LedgerWord(statement: [1], signature: [1]))]
        case .publishTrust: [.publishTrust([1])]
        case .askTheDesk: [.desk([1])]
        case .join: [.join(JoinRequest(statement: [1], token: [2], signature: [3]))]
        case .transfer: [.dialBulk(try #require(BulkToken(bytes: [UInt8](repeating: 1, count: 32))))]
        }
    }

    @Test("The page has a cell for every right and role, and for nothing else")
    func complete() {
        #expect(Set(Self.cells.map(\.right)) == Set(Right.allCases.map(\.rawValue)))
        #expect(Set(Self.cells.map(\.role)) == Set(Role.allCases.map(\.rawValue)))
        #expect(Self.cells.count == Right.allCases.count * Role.allCases.count)
    }

    @Test("The table decides as the page says, for every request", arguments: cells)
    func decided(_ cell: Cell) throws {
        let role = try #require(Role(rawValue: cell.role))
        let right = try #require(Right(rawValue: cell.right))
        let peer = try Members.peer(role, "p1")
        for request in try Self.requests(for: right) {
            #expect(Right(request) == right)
            #expect((RoleTable.refusal(of: peer, request: request) == nil) == cell.isAllowed, "\(request)")
        }
    }

    @Test("A session lets through exactly what the page allows", arguments: cells)
    func enforced(_ cell: Cell) async throws {
        let role = try #require(Role(rawValue: cell.role))
        let right = try #require(Right(rawValue: cell.right))
        // The session itself answers these.
        guard right != .transfer else { return }
        var pair = try Pair(agentHandler: Answers { _, _ in .ended })
        pair.coordinatorRole = role
        for request in try Self.requests(for: right) where request != .openBulk {
            let answer = try await pair.dial { (session) async -> String? in
                do {
                    _ = try await session.request(request)
                    return nil
                } catch let error as SessionError {
                    return error.problem?.code
                } catch {
                    return "\(error)"
                }
            }
            #expect(answer == (cell.isAllowed ? nil : "request.refused"), "\(request)")
        }
    }
}
