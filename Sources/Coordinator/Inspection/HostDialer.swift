package import Logging
package import Model
internal import Protocol
package import Session
internal import TLS

/// Opens short sessions with agents, to ask them something.
package struct HostDialer: Sendable {
    private let context: TLSContext
    private let configuration: SessionConfiguration
    private let membership: MembershipKeeper?

    /// `patience` bounds the wait for a connection, and then for the agent's first word; `membership` looks after every
    /// session first.
    package init(
        _ credentials: Credentials,
        patience: Duration = .seconds(3),
        membership: MembershipKeeper? = nil,
        logger: Logger
    ) throws {
        self.membership = membership
        context = try TLSContext.client(identity: credentials.identity, trust: credentials.anchors, accepting: [.agent])
            .refusing(credentials.revocations)
        let hello = Hello(
            software: "fleet \(FleetVersion.text)",
            fleet: credentials.fleet,
            name: credentials.name
        )
        var configuration = SessionConfiguration(hello: hello)
        configuration.limits.connect = patience
        configuration.limits.hello = patience
        configuration.logger = logger
        self.configuration = configuration
    }

    /// Runs `body` with a session with exactly this host, whoever answers at its address.
    package func withSession<Value: Sendable>(
        _ host: Host,
        _ body: @escaping @Sendable (Session) async throws -> Value
    ) async throws -> Value {
        try await SessionDialer(configuration).withSession(
            host: host.address,
            port: host.port,
            over: .tls(context.expecting(peer: host.id.text))
        ) { [membership] session in
            await membership?.tend(session)
            return try await body(session)
        }
    }

    /// Asks all hosts at once; the answers stand in the order of the hosts.
    package func ask<Value: Sendable>(
        _ hosts: [Host],
        _ body: @escaping @Sendable (Session) async throws -> Value
    ) async -> [Result<Value, any Error>] {
        await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
            for (index, host) in hosts.enumerated() {
                group.addTask {
                    do {
                        return (index, .success(try await withSession(host, body)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var answers: [Int: Result<Value, any Error>] = [:]
            for await (index, answer) in group { answers[index] = answer }
            return hosts.indices.compactMap { answers[$0] }
        }
    }
}
