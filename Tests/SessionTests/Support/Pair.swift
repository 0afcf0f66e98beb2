import NIOCore
import NIOPosix
import Protocol
import TLS

@testable import Session

/// An agent and a coordinator on loopback; which of them dials is the test's choice.
struct Pair {
    enum Wire: String, CaseIterable, Sendable {
        case plain
        case tls
    }

    var wire = Wire.plain
    var agent: SessionConfiguration
    var coordinator: SessionConfiguration
    var agentHandler: any SessionHandler = NoRequests()
    var coordinatorHandler: any SessionHandler = NoRequests()
    var coordinatorRole = Role.coordinator

    init(_ wire: Wire = .plain, agentHandler: any SessionHandler = NoRequests()) throws {
        self.wire = wire
        self.agentHandler = agentHandler
        agent = try Members.configuration("web-1")
        coordinator = try Members.configuration("c1")
    }

    /// The agent listens, the coordinator dials and runs `body`.
    func dial<Value: Sendable>(_ body: @escaping @Sendable (Session) async throws -> Value) async throws -> Value {
        let members = try Members()
        let (server, client) = try transports(members, server: (.agent, "web-1"), client: (coordinatorRole, "c1"))
        let listener = try await SessionListener.bind(to: loopback(), over: server, agent)
        return try await withThrowingTaskGroup(of: Void.self) { [agentHandler, coordinator, coordinatorHandler] group in
            group.addTask { try await listener.run(handler: agentHandler) }
            defer { group.cancelAll() }
            return try await SessionDialer(coordinator)
                .withSession(to: listener.address, over: client, handler: coordinatorHandler, body)
        }
    }

    /// The coordinator listens and runs `body` for the agent that dials.
    func accept<Value: Sendable>(_ body: @escaping @Sendable (Session) async throws -> Value) async throws -> Value? {
        let members = try Members()
        let (server, client) = try transports(members, server: (coordinatorRole, "c1"), client: (.agent, "web-1"))
        let listener = try await SessionListener.bind(to: loopback(), over: server, coordinator)
        let (results, box) = AsyncStream<Result<Value, any Error>>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { [agentHandler, agent, coordinatorHandler] group in
            group.addTask {
                try await listener.run(handler: coordinatorHandler) { session in
                    do {
                        box.yield(.success(try await body(session)))
                    } catch {
                        box.yield(.failure(error))
                    }
                }
            }
            group.addTask {
                // The coordinator ends the session; that it does is what the test waits for.
                try? await SessionDialer(agent)
                    .withSession(to: listener.address, over: client, handler: agentHandler) { await $0.untilEnded() }
            }
            defer { group.cancelAll() }
            return try await results.first { _ in true }?.get()
        }
    }

    private func transports(
        _ members: Members,
        server: (Role, String),
        client: (Role, String)
    ) throws -> (SessionTransport, SessionTransport) {
        switch wire {
        case .plain:
            (.plain(peer: try Members.peer(client.0, client.1)), .plain(peer: try Members.peer(server.0, server.1)))
        case .tls:
            (try members.server(server.0, server.1), try members.client(client.0, client.1, to: server.1))
        }
    }
}

func loopback() throws -> SocketAddress { try SocketAddress(ipAddress: "127.0.0.1", port: 0) }
