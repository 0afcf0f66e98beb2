import Coordinator
import Model
import Trust

/// Writes an export of a ledger with so many records, and its key: AuditBench RECORDS DIRECTORY.
@main
struct AuditBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[1]) else {
            fatalError("usage: AuditBench RECORDS DIRECTORY")
        }
        let directory = arguments[2]
        let ledger = try Ledger(path: "\(directory)/ledger.db")
        let author = Author(name: "alice", place: "laptop")
        let time = CoordinatorClock().wall
        for start in stride(from: 0, to: count, by: batch) {
            // As long as the event of a rollout is, about.
            try await ledger.record(
                (start..<min(start + batch, count)).map { number in
                    var record = LedgerRecord(.rolloutEvent, by: author, at: time)
                    record.service = ServiceName(validated: "web")
                    record.environment = EnvironmentName(validated: "production")
                    record.plan = SHA256.digest(of: [1])
                    record.before = "rolling stage 1"
                    record.after = "rolling stage 1"
                    record.engine = "1"
                    record.state = SHA256.digest(of: Array("\(number)".utf8))
                    record.asked = String(repeating: "x", count: 200)
                    return record
                }
            )
        }
        let origin = LedgerOrigin(fleet: FleetName(validated: "bench"), ledger: ledger.id)
        let signer = LedgerSigner(origin: origin, key: try SigningKey.generate())
        var export: [UInt8] = []
        _ = try await AuditExport(ledger, signer).run(as: .json) { export += $0 }
        guard try SmallFile.create("\(directory)/audit.jsonl", export, mode: 0o600),
            try SmallFile.create("\(directory)/ledger.pub", Array("\(try signer.publicKey())\n".utf8), mode: 0o600)
        else { fatalError("\(directory) is not empty") }
    }

    /// Records that share an fsync.
    private static let batch = 1000
}
