import FoundationEssentials
import Model
import SwiftProtobuf

extension Response {
    /// Reads an answer; a `Problem` of the peer is a value here, not an error of the wire.
    static func result(wire: WireResponse) throws(ProtocolError) -> Result<Response, Problem> {
        switch wire.kind {
        case .reply(let reply): .success(.reply(try .inside("reply", reply)))
        case .status(let report): .success(.status(try .inside("status", report)))
        case .facts(let facts): .success(.facts(try .inside("facts", facts)))
        case .history(let history): .success(.history(try HistoryEntry.list(history.entries, "history.entries")))
        case .figures(let figures): .success(.figures(try .inside("figures", figures)))
        case .artifact(let state): .success(.artifact(try .inside("artifact", state)))
        case .bulkTicket(let ticket): .success(.bulkTicket(try BulkToken(wire: ticket.token, "bulk_ticket.token")))
        case .bulkDialed: .success(.bulkDialed)
        case .streamEnded: .success(.ended)
        case .checkpoints(let found): .success(.checkpoints(found.notes.map { [UInt8]($0) }))
        case .membership(let membership): .success(.membership(try .inside("membership", membership)))
        case .certificateRequest(let request):
            .success(.certificateRequest(try Field.bytes(request.request, "certificate_request.request")))
        case .trust(let answer):
            .success(.trust(answer.hasState ? try .inside("trust.state", answer.state) : nil))
        case .receipts(let batch): .success(.receipts(try .inside("receipts", batch)))
        case .joined(let grant): .success(.joined(try .inside("joined", grant)))
        case .problem(let problem): .failure(try .inside("problem", problem))
        case nil: throw .missing("kind")
        }
    }

    static func wire(_ result: Result<Response, Problem>) -> WireResponse {
        .with {
            switch result {
            case .success(let response): $0.kind = response.kind
            case .failure(let problem): $0.kind = .problem(problem.wire)
            }
        }
    }

    private var kind: WireResponse.OneOf_Kind {
        switch self {
        case .reply(let reply): .reply(reply.wire)
        case .status(let report): .status(report.wire)
        case .facts(let facts): .facts(facts.wire)
        case .history(let entries): .history(.with { $0.entries = entries.map(\.wire) })
        case .figures(let figures): .figures(figures.wire)
        case .artifact(let state): .artifact(state.wire)
        case .bulkTicket(let token): .bulkTicket(.with { $0.token = Data(token.bytes) })
        case .trust(let state): .trust(.with { if let state { $0.state = state.wire } })
        case .receipts(let batch): .receipts(batch.wire)
        case .bulkDialed: .bulkDialed(WireBulkDialed())
        case .checkpoints(let notes): .checkpoints(.with { $0.notes = notes.map { Data($0) } })
        case .membership(let membership): .membership(membership.wire)
        case .certificateRequest(let request): .certificateRequest(.with { $0.request = Data(request) })
        case .joined(let grant): .joined(grant.wire)
        case .ended: .streamEnded(WireStreamEnded())
        }
    }
}

extension StreamEvent: WireConvertible {
    init(wire: WireEvent) throws(ProtocolError) {
        switch wire.kind {
        case .report(let report): self = .report(try .inside("report", report))
        case .logs(let logs): self = .logs(try LogLine.list(logs.lines, "logs.lines"))
        case .desk(let answer): self = .desk(part: Array(answer.part), more: answer.more)
        case nil: throw .missing("kind")
        }
    }

    var wire: WireEvent {
        switch self {
        case .report(let report): .with { $0.report = report.wire }
        case .logs(let lines): .with { $0.logs = .with { $0.lines = lines.map(\.wire) } }
        case .desk(let part, let more):
            .with {
                $0.desk = .with {
                    $0.part = Data(part)
                    $0.more = more
                }
            }
        }
    }
}
