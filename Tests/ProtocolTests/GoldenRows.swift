import Model

@testable import Protocol

/// One frame of every kind that the wire knows; `GoldenCoverageTests` finds the kind that has none.
///
/// Each row draws its values from its own seed, so that a new row changes no other.
enum GoldenRows {
    static func all() -> [GoldenFrameTests.Row] {
        connection() + requests() + hostRequests() + responses() + hostReplies() + events()
    }

    private static func row(
        _ name: String,
        stream: UInt32 = 21,
        _ make: (inout Arbitrary) -> Envelope
    ) -> GoldenFrameTests.Row {
        // FNV-1a of the name: the same on every machine, unlike a Hasher's.
        let seed = name.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        var some = Arbitrary(seed: seed)
        return GoldenFrameTests.Row(name: name, stream: stream, envelope: make(&some))
    }

    private static func connection() -> [GoldenFrameTests.Row] {
        [
            row("bulk-hello", stream: 0) { .bulkHello($0.token()) },
            row("bulk-welcome", stream: 0) { _ in .bulkWelcome },
            row("cancel") { _ in .cancel },
            row("bulk-end") { _ in .bulkEnd(nil) },
            row("bulk-end-problem") { .bulkEnd($0.problem()) },
        ]
    }

    private static func requests() -> [GoldenFrameTests.Row] {
        func request(_ name: String, _ make: (inout Arbitrary) -> Request) -> GoldenFrameTests.Row {
            row("request-\(name)") { .request(.success(make(&$0))) }
        }
        return [
            request("status") { _ in .status },
            request("reports") { .reports(runs: $0.rollout()) },
            request("facts") { _ in .facts },
            request("history") { .history(HistoryQuery(service: $0.name(), limit: 20)) },
            request("logs") { .logs(LogQuery(service: $0.name(), past: 50, end: .never)) },
            request("find-artifact") { .findArtifact($0.digest()) },
            request("open-bulk") { _ in .openBulk },
            request("dial-bulk") { .dialBulk($0.token()) },
            request("unhold") { .unhold($0.name()) },
            request("desk") { _ in .desk(Array(#"{"examine":{}}"#.utf8)) },
            request("checkpoints") { _ in .checkpoints },
            request("ledger-word") { .ledgerWord(LedgerWord(statement: $0.bytes(), signature: $0.bytes())) },
            request("claim-with-history") { some in
                let history = some.ledgerHistory()
                let (id, claim) = (some.requestID(), some.claim())
                return .command(
                    HostCommand(
                        id: id,
                        service: claim.service,
                        environment: claim.environment,
                        request: .claim(claim),
                        history: history
                    )
                )
            },
            request("membership") { .membership(revocations: $0.bytes()) },
            request("request-certificate") { _ in .requestCertificate },
            request("install-certificate") { .installCertificate(chain: $0.bytes()) },
            request("trust") { _ in .trust },
            request("publish-trust") { .publishTrust($0.digest().bytes) },
            request("figures") { .figures($0.name()) },
            request("receipts") { .receipts(after: $0.receiptHead()) },
            request("join") { .join($0.join()) },
        ]
    }

    private static func hostRequests() -> [GoldenFrameTests.Row] {
        func command(_ name: String, _ make: (inout Arbitrary) -> HostRequest) -> GoldenFrameTests.Row {
            row("request-\(name)") { some in
                let request = make(&some)
                let id = some.requestID()
                let command = HostCommand(id: id, service: some.name(), environment: some.name(), request: request)
                return .request(.success(.command(command)))
            }
        }
        return [
            command("inspect-claim") { _ in .inspectClaim },
            command("release-claim") { _ in .releaseClaim },
            command("revert") { .revert(release: $0.digest(), reason: $0.text()) },
            command("remove") { .remove(release: $0.digest(), reason: $0.text()) },
            command("discard") { .discard(release: $0.digest()) },
            command("confirm") { .confirm(release: $0.digest()) },
            command("migrate") { .migrate(release: $0.digest()) },
        ]
    }

    private static func responses() -> [GoldenFrameTests.Row] {
        func response(_ name: String, _ make: (inout Arbitrary) -> Response) -> GoldenFrameTests.Row {
            row("response-\(name)") { .response(.success(make(&$0))) }
        }
        return [
            response("status") { .status($0.report()) },
            response("status-refusing") { .status($0.refusingReport()) },
            response("status-attesting") { .status($0.attestingReport()) },
            response("receipts") { .receipts($0.receiptBatch()) },
            response("checkpoints") { .checkpoints([$0.bytes(), $0.bytes()]) },
            response("history") { some in
                let operation = some.operation()
                let entry = HistoryEntry(
                    service: some.name(),
                    environment: some.name(),
                    operation: operation,
                    endedAt: some.wallTime()
                )
                return .history([entry])
            },
            response("figures") { .figures($0.figures()) },
            response("history-busy") { some in
                var operation = some.operation()
                (operation.phase, operation.awaitsIdle) = (.draining, true)
                let entry = HistoryEntry(
                    service: some.name(),
                    environment: some.name(),
                    operation: operation,
                    endedAt: some.wallTime()
                )
                return .history([entry])
            },
            response("artifact") { _ in .artifact(.present) },
            response("bulk-ticket") { .bulkTicket($0.token()) },
            response("bulk-dialed") { _ in .bulkDialed },
            response("stream-ended") { _ in .ended },
            response("membership") { .membership($0.membership()) },
            response("certificate-request") { .certificateRequest($0.bytes()) },
            response("trust") { .trust(TrustState(version: 2, digest: $0.digest(), expires: $0.wallTime())) },
            response("joined") { .joined($0.grant()) },
        ]
    }

    private static func hostReplies() -> [GoldenFrameTests.Row] {
        func reply(_ name: String, _ make: (inout Arbitrary) -> HostReply) -> GoldenFrameTests.Row {
            row("reply-\(name)") { .response(.success(.reply(make(&$0)))) }
        }
        return [
            reply("claimed") { .claimed(highest: $0.epoch()) },
            reply("released") { _ in .released },
            reply("prepared") { .prepared($0.release()) },
            reply("awaiting-commit") { .awaitingCommit($0.release()) },
            reply("migrated") { .migrated($0.release()) },
            reply("stuck") { _ in .stuck(failure) },
            reply("discarded") { _ in .discarded },
            reply("confirmed") { .confirmed($0.release()) },
            reply("refused") { _ in .refused(failure) },
        ]
    }

    /// Not drawn: each new code would change what the seeds give.
    static let failure = Failure(.orderRefused, "no", evidence: ["last line"])

    private static func events() -> [GoldenFrameTests.Row] {
        [
            row("event-logs") { some in
                let line = LogLine(at: some.wallTime(), unit: "web.service", priority: 6, text: some.text())
                return .event(.success(.logs([line])))
            },
            row("event-desk") { _ in .event(.success(.desk(part: Array(#"{"view":"#.utf8), more: true))) },
        ]
    }
}
