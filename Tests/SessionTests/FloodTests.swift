import Foundation
import Glibc
import Logging
import NIOCore
import TLS
import Testing

@testable import Session

/// Ten thousand connections at once that never say a word.
@Suite(.serialized)
struct FloodTests {
    enum Listener: String, CaseIterable, Sendable {
        /// Accepts members of the fleet alone.
        case agent
        /// Lets guests in, too, as `fleet serve` does.
        case serve
    }

    /// Kibibytes of memory that this process holds.
    private static func memory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(line.split(separator: " ").dropFirst().compactMap { Int($0) }.first)
    }

    /// Lets this process have so many descriptors; false where nobody allows it.
    private static func raiseLimit(to count: UInt) -> Bool {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return false }
        guard limit.rlim_cur < count else { return true }
        limit.rlim_cur = count
        limit.rlim_max = max(limit.rlim_max, count)
        return setrlimit(resource, &limit) == 0
    }

    private static let connections = 10_000
    private static let warm = 1000
    /// What all of them together may cost, in KiB; they would need 24 KiB each to be kept.
    private static let mostGrowth = 48 << 10

    @Test(
        "They cost a listener a bounded amount of memory, and members get through all the while",
        .enabled(if: raiseLimit(to: 16_000), "needs 16,000 file descriptors"),
        arguments: Listener.allCases
    )
    func flood(_ kind: Listener) async throws {
        let members = try Members()
        let transport =
            kind == .agent ? try members.server(.agent, "web-1") : try members.hospitable(.coordinator, "web-1")
        var configuration = try Members.configuration("web-1")
        // It has a line for each connection.
        configuration.logger = Logger(label: "flood", factory: { _ in SwiftLogNoOpLogHandler() })
        let listener = try await SessionListener.bind(to: loopback(), over: transport, configuration)
        let port = try #require(listener.address.port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            var flood: [RawSocket] = []
            var before = 0
            for number in 0..<Self.connections {
                // From many addresses, so that it is not the limit of one that holds.
                let source = "127.0.\(number / 200).\(1 + number % 200)"
                flood.append(try RawSocket(to: port, from: source))
                // Fewer than wait to be accepted: the kernel turns nobody away, and whoever comes behind them was accepted last.
                guard number % 100 == 99 else { continue }
                try await Self.member(members, listener.address)
                if number + 1 == Self.warm { before = try Self.memory() }
            }
            let growth = try Self.memory() - before
            #expect(growth < Self.mostGrowth, "\(growth) KiB for \(Self.connections - Self.warm) connections")
            let open = await Self.open(flood)
            #expect(open <= ListenerLimits().newcomers, "\(open) connections are still open")
            group.cancelAll()
        }
    }

    /// A member of the fleet comes and goes.
    private static func member(_ members: Members, _ address: SocketAddress) async throws {
        let client = try members.client(.coordinator, "c1", to: "web-1")
        let peer = try await SessionDialer(Members.configuration("c1")).withSession(to: address, over: client) {
            $0.peer.name
        }
        #expect(peer == "web-1")
    }

    private static func open(_ flood: [RawSocket]) async -> Int {
        var count = 0
        for socket in flood where await !socket.hasEnded(within: 5) { count += 1 }
        return count
    }
}
