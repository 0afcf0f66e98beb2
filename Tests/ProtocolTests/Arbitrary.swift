import Model
import TestSupport

@testable import Protocol

/// Makes random values of everything that travels.
struct Arbitrary {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func number(_ range: ClosedRange<Int64> = 0...Field.largest) -> Int64 {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: range.lowerBound
        case 1: range.upperBound
        case _: Int64.random(in: range, using: &generator)
        }
    }

    mutating func flip() -> Bool { Bool.random(using: &generator) }

    mutating func optional<Value>(_ make: (inout Self) -> Value) -> Value? { flip() ? make(&self) : nil }

    mutating func list<Value>(_ make: (inout Self) -> Value) -> [Value] {
        (0..<Int.random(in: 0...3, using: &generator)).map { _ in make(&self) }
    }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    mutating func text() -> String { pick(["a", "ä ö ü", "last line\nof two", "😀", "x\u{0}y", "active"]) }

    mutating func name<Kind: Name>(_ suffix: String = "") -> Kind {
        let words = ["web", "eu-1", "A.b_c", "0", "production"]
        guard let name = Kind(pick(words) + suffix) else { fatalError("the words are names") }
        return name
    }

    mutating func digest() -> Digest { Digest(bytes: bytes(32)) }

    mutating func bytes(_ count: Int? = nil) -> [UInt8] {
        (0..<(count ?? Int.random(in: 1...40, using: &generator))).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
    }

    mutating func wallTime() -> WallTime { WallTime(milliseconds: number()) }
    mutating func span() -> TimeSpan { TimeSpan(milliseconds: number(0...(36_500 * 86_400_000))) }
    mutating func size() -> ByteCount { ByteCount(number()) }
    mutating func epoch() -> Epoch { Epoch(number()) }
}

extension Arbitrary {
    mutating func release() -> ReleaseID { ReleaseID(version: name(), digest: digest()) }

    mutating func rollout() -> RolloutID {
        guard let ledger = LedgerID("6f1c2d3e-0000-4000-8000-0123456789ab") else { fatalError("this is a UUID") }
        return RolloutID(ledger: ledger, number: Int(number(1...1_000_000)))
    }

    mutating func requestID() -> RequestID { RequestID(rollout: rollout(), epoch: epoch(), sequence: number()) }

    mutating func claim() -> Claim {
        Claim(
            service: name(),
            environment: name(),
            rollout: rollout(),
            epoch: epoch(),
            holder: text(),
            since: wallTime()
        )
    }

    /// Not all: each new code would change what the seeds of the golden frames give.
    private static let codes = Failure.Code.allCases.filter {
        ![.ledgerRefused, .ledgerMoved, .serviceBusy, .migrationFailed, .migrationUnknown].contains($0)
    }

    mutating func failure() -> Failure {
        Failure(pick(Self.codes), text(), evidence: list { $0.text() })
    }

    mutating func operation() -> OperationReport {
        OperationReport(
            origin: flip() ? .rollout(requestID()) : .local(user: text()),
            purpose: pick([.deploy, .rollback, .restart]),
            target: release(),
            predecessor: optional { $0.release() },
            phase: pick(ActivationPhase.allCases),
            startedAt: wallTime(),
            failure: optional { $0.failure() }
        )
    }

    mutating func installed() -> InstalledRelease {
        InstalledRelease(
            id: release(),
            artifact: digest(),
            source: optional { SourceRevision(repository: $0.text(), revision: $0.text()) },
            since: optional { $0.wallTime() },
            isConfirmed: flip()
        )
    }

    mutating func unit() -> UnitState {
        UnitState(
            unit: name(".service"),
            active: text(),
            sub: text(),
            result: text(),
            restarts: Int(number()),
            mainPID: Int(number()),
            invocation: flip() ? "" : text(),
            since: optional { $0.wallTime() }
        )
    }

    mutating func serviceReport() -> ServiceReport {
        ServiceReport(
            service: name(),
            environment: name(),
            current: optional { $0.installed() },
            previous: optional { $0.installed() },
            health: pick([.healthy, .unhealthy(reason: text()), .unknown]),
            unit: optional { $0.unit() },
            checks: list {
                CheckResult(label: $0.text(), failure: $0.optional { $0.text() }, took: $0.span(), at: $0.wallTime())
            },
            operation: optional { $0.operation() },
            claim: optional { $0.claim() },
            held: optional { $0.text() },
            isDrained: flip(),
            drift: list { $0.text() },
            overrides: list { $0.text() },
            expected: optional { $0.release() }
        )
    }

    mutating func report() -> HostReport {
        HostReport(
            host: name(),
            bootID: text(),
            agentVersion: text(),
            at: wallTime(),
            freeDisk: size(),
            services: list { $0.serviceReport() }
        )
    }

    mutating func facts() -> HostFacts {
        HostFacts(
            host: name(),
            bootID: text(),
            agentVersion: text(),
            operatingSystem: text(),
            kernel: text(),
            systemd: text(),
            architecture: text(),
            clock: wallTime(),
            isClockSynchronised: flip(),
            uptime: span(),
            disks: list { HostFacts.Disk(path: $0.text(), free: $0.size(), total: $0.size()) },
            certificateUntil: wallTime(),
            certificateSince: optional { $0.wallTime() }
        )
    }
}
