import Foundation
import Glibc
import Testing

/// Requests to every host at a fixed rate from outside, while something happens to them.
struct Traffic: Sendable {
    /// What users have seen; see scripts/prober.
    struct Seen: Decodable, CustomStringConvertible {
        let total: Int
        let failed: Int
        let failures: [String: Int]
        let lowest: Int
        let belowFloor: Double
        let versions: [String: Int]

        var description: String {
            "\(total) requests, \(failed) failed \(failures), lowest \(lowest), \(belowFloor) s below the floor, \(versions)"
        }
    }

    private let prober: Child

    /// Asks every host, and returns when each was asked once.
    init(_ fleet: Fleet, of service: String = "hello", hosts: [Int]? = nil, floor: Int) async throws {
        let hosts = hosts ?? Array(1...fleet.count)
        let targets = hosts.map { ("h\($0)", "http://\(fleet.address($0)):\(Fleet.port(of: service))/") }
        try await self.init(fleet, asking: Dictionary(uniqueKeysWithValues: targets), floor: floor)
    }

    /// Asks these, so many times a second, and returns when each was asked once.
    init(_ fleet: Fleet, asking targets: [String: String], rate: Int = 20, floor: Int = 0) async throws {
        let targets = targets.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let prober = try fleet.beside(
            [Machine.script("prober"), "--rate", "\(rate)", "--floor", "\(floor)"] + targets,
            subject: "prober"
        )
        self.prober = prober
        try await fleet.eventually("the prober asks everybody") {
            guard prober.isRunning else { throw Child.Problem(description: "\(try await prober.end())") }
            return prober.words.messages.contains("probing")
        }
    }

    /// Ends it, and answers what it has seen.
    func stop() async throws -> Seen {
        prober.signal(SIGTERM)
        let end = try await prober.end(within: .seconds(20))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Seen.self, from: Data(end.output.utf8))
    }
}
