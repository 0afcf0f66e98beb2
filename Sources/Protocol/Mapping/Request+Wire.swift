import FoundationEssentials
import Model
import SwiftProtobuf

extension Request: WireConvertible {
    init(wire: WireRequest) throws(ProtocolError) {
        switch wire.kind {
        case .command(let command): self = .command(try .inside("command", command))
        case .status: self = .status
        case .reports(let follow):
            self = .reports(runs: follow.hasRollout ? try .inside("reports.rollout", follow.rollout) : nil)
        case .facts: self = .facts
        case .history(let query): self = .history(try .inside("history", query))
        case .figures(let read): self = .figures(try Field.name(read.service, "figures.service"))
        case .logs(let query): self = .logs(try .inside("logs", query))
        case .findArtifact(let find): self = .findArtifact(try Field.digest(find.digest, "find_artifact.digest"))
        case .pushArtifact(let push):
            guard push.stream > 0 else { throw .missing("push_artifact.stream") }
            do throws(ProtocolError) {
                self = .pushArtifact(try ArtifactOffer(wire: push), on: StreamID(push.stream))
            } catch {
                throw error.inside("push_artifact")
            }
        case .openBulk: self = .openBulk
        case .dialBulk(let dial): self = .dialBulk(try BulkToken(wire: dial.token, "dial_bulk.token"))
        case .unhold(let unhold): self = .unhold(try Field.name(unhold.service, "unhold.service"))
        case .desk(let ask):
            guard !ask.question.isEmpty else { throw .missing("desk.question") }
            self = .desk(Array(ask.question))
        case .checkpoints: self = .checkpoints
        case .ledgerWord(let word): self = .ledgerWord(try .inside("ledger_word", word))
        case .membership(let ask): self = .membership(revocations: [UInt8](ask.revocations))
        case .requestCertificate: self = .requestCertificate
        case .installCertificate(let install):
            self = .installCertificate(chain: try Field.bytes(install.chain, "install_certificate.chain"))
        case .trust: self = .trust
        case .publishTrust(let publish): self = .publishTrust(try Field.bytes(publish.root, "publish_trust.root"))
        case .receipts(let read):
            self = .receipts(after: try .optional(read.after, if: read.hasAfter, "receipts.after") ?? .none)
        case .join(let join): self = .join(try .inside("join", join))
        case nil: throw .missing("kind")
        }
    }

    var wire: WireRequest { .with { $0.kind = kind } }

    private var kind: WireRequest.OneOf_Kind {
        switch self {
        case .command(let command): .command(command.wire)
        case .status: .status(WireReadStatus())
        case .reports(let rollout): .reports(.with { if let rollout { $0.rollout = rollout.wire } })
        case .facts: .facts(WireReadFacts())
        case .history(let query): .history(query.wire)
        case .figures(let service): .figures(.with { $0.service = service.text })
        case .logs(let query): .logs(query.wire)
        case .findArtifact(let digest): .findArtifact(.with { $0.digest = Data(digest.bytes) })
        case .pushArtifact(let offer, let stream): .pushArtifact(offer.wire(on: stream))
        case .openBulk: .openBulk(WireOpenBulk())
        case .trust: .trust(WireReadTrust())
        case .receipts(let head): .receipts(.with { if head != .none { $0.after = head.wire } })
        case .publishTrust(let root): .publishTrust(.with { $0.root = Data(root) })
        case .unhold(let service): .unhold(.with { $0.service = service.text })
        case .desk(let question): .desk(.with { $0.question = Data(question) })
        case .checkpoints: .checkpoints(WireReadCheckpoints())
        case .ledgerWord(let word): .ledgerWord(word.wire)
        case .membership(let list): .membership(.with { $0.revocations = Data(list) })
        case .requestCertificate: .requestCertificate(WireRequestCertificate())
        case .installCertificate(let chain): .installCertificate(.with { $0.chain = Data(chain) })
        case .join(let join): .join(join.wire)
        case .dialBulk(let token): .dialBulk(.with { $0.token = Data(token.bytes) })
        }
    }
}
