import Configuration
import Foundation
import Model
import NIOCore
import Protocol
import Session
import TLS

/// Many agents in one process, each with its certificate and its port, for a real `fleet` to roll over.
///
///     AgentsBench CA COUNT SERVICE.YML
///
/// Prints a line of `fleet.yml` per host, then `ready`; at the end of its standard input, what it was asked.
@main
struct AgentsBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let count = Int(arguments[2]) else {
            print("usage: AgentsBench CA COUNT SERVICE.YML")
            exit(64)
        }
        let authority = try CertificateAuthority(directory: arguments[1])
        let text = try Data(contentsOf: URL(filePath: arguments[3]))
        let spec = try ServiceFile.parse(Array(text), file: arguments[3])
        let tally = Tally()
        try await withThrowingDiscardingTaskGroup { group in
            for number in 1...count {
                let host = HostID(validated: "a\(number)")
                let agent = SimulatedAgent(host: host, spec: spec)
                let listener = try await listen(host, authority)
                group.addTask { await agent.run() }
                group.addTask {
                    let service = SimulatedService(agent: agent, tally: tally)
                    do { try await listener.run(handler: service) } catch is CancellationError { return }
                }
                print("          - {name: \(host), address: 127.0.0.1, port: \(listener.address.port ?? 0)}")
            }
            print("ready")
            fflush(nil)
            await endOfInput()
            group.cancelAll()
        }
        for line in tally.lines { print(line) }
    }

    private static func listen(_ host: HostID, _ authority: CertificateAuthority) async throws -> SessionListener {
        let issued = try authority.issue(.agent, name: host.text, now: SimulatedClock.wall)
        let identity = try TLSIdentity(
            certificatePEM: Array(issued.certificatePEM.utf8),
            keyPEM: issued.keyPEM?.reveal() ?? []
        )
        let context = try TLSContext.server(identity: identity, trust: authority.anchors, accepting: [.operator])
        return try await SessionListener.bind(
            to: try SocketAddress(ipAddress: "127.0.0.1", port: 0),
            over: .tls(context),
            SessionConfiguration(
                hello: Hello(software: "bench", fleet: try FleetName(parsing: authority.fleet), name: host.text)
            )
        )
    }

    /// Waits until whoever started us closes the pipe, or is gone; on a thread of its own, because reading blocks.
    private static func endOfInput() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                while readLine() != nil {}
                continuation.resume()
            }
        }
    }
}
