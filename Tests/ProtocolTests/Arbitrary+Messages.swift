import Model

@testable import Protocol

extension Arbitrary {
    mutating func hostRequest() -> HostRequest {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: .inspectClaim
        case 1: .claim(claim())
        case 2: .releaseClaim
        case 3:
            .prepare(
                PrepareOrder(
                    order: bytes(),
                    release: bytes(),
                    provenance: list { $0.bytes() },
                    approvals: list { $0.bytes() },
                    adoptsForeignUnit: pick([.refuse, .adopt]),
                    isCatchUp: pick([false, true])
                )
            )
        case 4:
            .activate(
                ActivateOrder(
                    release: release(),
                    purpose: pick([.deploy, .rollback, .restart]),
                    activateWithin: span(),
                    commitWithin: span(),
                    onCommitMissing: optional { $0.pick(CommitMissingPolicy.allCases) },
                    drift: flip() ? .repair : nil,
                    traffic: optional { $0.traffic() }
                )
            )
        case 5: .commit(release: digest())
        case 6: .revert(release: digest(), reason: text())
        case 7: .discard(release: digest())
        case 8: .remove(release: digest(), reason: text())
        case _: .confirm(release: digest())
        }
    }

    private mutating func traffic() -> TrafficPolicy {
        let address = pick(["/run/haproxy/admin.sock", "10.0.0.5:9999"])
        let balancer = LoadBalancer(address: address, backend: "web", server: pick(["{host}", "s-{host}", "web-1"]))
        return TrafficPolicy(
            loadBalancers: pick([[balancer], [balancer, balancer]]),
            drainWithin: span(),
            onSessionsLeft: pick(SessionsLeftPolicy.allCases)
        )
    }

    mutating func hostReply() -> HostReply {
        switch Int.random(in: 0..<11, using: &generator) {
        case 0: .claimState(highest: epoch(), claim: optional { $0.claim() })
        case 1: .claimed(highest: epoch())
        case 2: .released
        case 3: .prepared(release())
        case 4: .awaitingCommit(release())
        case 5: .committed(release())
        case 6: .reverted(to: optional { $0.release() }, failure: failure())
        case 7: .stuck(failure())
        case 8: .discarded
        case 9: .confirmed(release())
        case _: .refused(failure())
        }
    }

    mutating func token() -> BulkToken { .random(using: &generator) }

    mutating func ledgerHistory() -> LedgerHistory {
        LedgerHistory(
            checkpoint: bytes(),
            since: number(),
            proof: list { $0.digest() },
            purpose: pick([.deploy, .rollback, .restart])
        )
    }

    mutating func request() -> Request {
        switch Int.random(in: 0..<23, using: &generator) {
        case 0: .status
        case 1: .reports(runs: optional { $0.requestID().rollout })
        case 2: .facts
        case 3: .history(HistoryQuery(service: optional { $0.name() }, limit: Int(number(1...10_000))))
        case 4: .logs(LogQuery(service: name(), past: Int(number(0...10_000)), end: pick([.now, .never])))
        case 5: .findArtifact(digest())
        case 6: .pushArtifact(offer(), on: StreamID(UInt32(number(1...0xFFFF_FFFF))))
        case 7: .openBulk
        case 8: .dialBulk(token())
        case 9: .unhold(name())
        case 13: .desk([1] + bytes())
        case 10: .checkpoints
        case 11: .ledgerWord(LedgerWord(statement: bytes(), signature: bytes()))
        case 12:
            .command(
                HostCommand(
                    id: requestID(),
                    service: name(),
                    environment: name(),
                    request: .claim(claim()),
                    history: ledgerHistory()
                )
            )
        case 14: .membership(revocations: bytes())
        case 15: .requestCertificate
        case 16: .installCertificate(chain: bytes())
        case 17: .trust
        case 18: .publishTrust(digest().bytes)
        case 19: .receipts(after: pick([.none, receiptHead()]))
        case 20: .join(join())
        case 21: .figures(name())
        case _:
            .command(HostCommand(id: requestID(), service: name(), environment: name(), request: hostRequest()))
        }
    }

    mutating func offer() -> ArtifactOffer {
        ArtifactOffer(digest: digest(), size: size(), encoding: pick([.identity, .zstd, .zstdPatch(base: digest())]))
    }

    mutating func join() -> JoinRequest {
        JoinRequest(statement: bytes(), token: bytes(), signature: bytes())
    }

    mutating func grant() -> JoinGrant {
        JoinGrant(
            chain: bytes(),
            root: bytes(),
            revocations: bytes(),
            files: list { JoinGrant.File(path: $0.text(), content: $0.bytes()) }
        )
    }

    mutating func membership() -> Membership {
        Membership(
            serial: text(),
            certificate: Validity(notBefore: wallTime(), notAfter: wallTime()),
            revocations: number()
        )
    }

    mutating func figures() -> UnitFigures {
        UnitFigures(
            unit: name(".service"),
            invocation: text(),
            running: optional { TimeSpan(milliseconds: $0.number(0...1_000_000_000)) },
            memory: optional { $0.size() },
            processorTime: optional { TimeSpan(milliseconds: $0.number(0...1_000_000_000)) },
            errorLines: optional { Int($0.number(0...10_000)) }
        )
    }

    mutating func response() -> Response {
        switch Int.random(in: 0..<17, using: &generator) {
        case 0: .status(report())
        case 1: .facts(facts())
        case 2:
            .history(
                list {
                    HistoryEntry(
                        service: $0.name(),
                        environment: $0.name(),
                        operation: $0.operation(),
                        endedAt: $0.wallTime()
                    )
                }
            )
        case 3: .artifact(pick([.absent, .present, .stored]))
        case 4: .bulkTicket(token())
        case 5: .bulkDialed
        case 6: .ended
        case 7: .checkpoints(list { $0.bytes() })
        case 8: .status(refusingReport())
        case 9: .membership(membership())
        case 10: .certificateRequest(bytes())
        case 11:
            .trust(
                optional {
                    TrustState(
                        version: Int($0.number(1...9)),
                        digest: $0.digest(),
                        expires: $0.optional { $0.wallTime() }
                    )
                }
            )
        case 12: .receipts(receiptBatch())
        case 13: .status(attestingReport())
        case 14: .joined(grant())
        case _: .reply(hostReply())
        }
    }

    mutating func attestingReport() -> HostReport {
        var report = report()
        report.receipts = pick([ReceiptHead.none, receiptHead()])
        return report
    }

    mutating func receiptHead() -> ReceiptHead { ReceiptHead(sequence: number(1...9), digest: digest()) }

    mutating func receiptBatch() -> ReceiptBatch {
        ReceiptBatch(
            entries: list { ReceiptBatch.Entry(statement: $0.bytes(), signature: $0.bytes()) },
            chain: bytes()
        )
    }

    mutating func refusingReport() -> HostReport {
        var report = report()
        report.ledgerRefusal = text()
        return report
    }

    mutating func hello() -> Hello {
        let minimum = UInt32(number(1...5))
        return Hello(
            versions: VersionRange(current: minimum + UInt32(number(0...5)), minimum: minimum),
            software: text(),
            fleet: name(),
            name: text(),
            bootID: text()
        )
    }

    mutating func problem() -> Problem { Problem(code: text(), message: text()) }

    mutating func envelope() -> Envelope {
        switch Int.random(in: 0..<14, using: &generator) {
        case 0: .hello(hello())
        case 1: .bulkHello(token())
        case 2: .bulkWelcome
        case 3: .heartbeat(reportSequence: number())
        case 4: .goodbye(Goodbye(code: text(), message: text()))
        case 5: .response(.failure(problem()))
        case 6: .event(.success(.report(NumberedReport(sequence: number(), report: report()))))
        case 7:
            .event(
                .success(
                    .logs(
                        list {
                            LogLine(
                                at: $0.wallTime(),
                                unit: $0.text(),
                                priority: Int($0.number(0...7)),
                                text: $0.text()
                            )
                        }
                    )
                )
            )
        case 8: .cancel
        case 9: .credit(Int(number(1...0xFFFF_FFFF)))
        case 10: .bulkEnd(optional { $0.problem() })
        case 11: .response(.success(response()))
        case 12: .event(.success(.desk(part: bytes(), more: pick([true, false]))))
        case _: .request(.success(request()))
        }
    }
}
