import Foundation
import Logging
import Model
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Agent

struct LocalServerTests {
    private static let group = MultiThreadedEventLoopGroup.singleton

    private func server(_ scratch: Scratch, uid: uid_t) -> LocalServer {
        var server = LocalServer(
            path: "\(scratch.path)/agent.sock",
            group: Self.group,
            logger: Logger(label: "test"),
            handler: { _, user in .failed(Failure(.held, "asked by \(user)")) }
        )
        server.identify = { _ in LocalPeer(uid: uid) }
        return server
    }

    /// Connects once the server listens.
    private func connect(_ scratch: Scratch) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        while true {
            do {
                return try await ClientBootstrap(group: Self.group)
                    .connect(unixDomainSocketPath: "\(scratch.path)/agent.sock") { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                        }
                    }
            } catch {
                await Task.yield()  // it does not listen yet
            }
        }
    }

    /// Sends `text`, if there is one, and answers everything that comes until the server closes.
    @concurrent
    private func talk(_ scratch: Scratch, _ text: String? = nil) async throws -> String {
        try await connect(scratch).executeThenClose { inbound, outbound in
            if let text { try await outbound.write(ByteBuffer(string: text)) }
            return try await inbound.reduce(into: "") { $0 += String(buffer: $1) }
        }
    }

    private func line(_ call: LocalCall) throws -> String {
        String(decoding: try JSONEncoder().encode(call), as: UTF8.self) + "\n"
    }

    @Test("Everyone may look; reading a whole release is for root, as every change is")
    func rights() async throws {
        let service = try #require(ServiceName("web"))
        let nobody = Scratch()
        let root = Scratch()
        try await withThrowingTaskGroup(of: Void.self) { (group) async throws in
            group.addTask { try await server(nobody, uid: 65_534).run() }
            group.addTask { try await server(root, uid: 0).run() }
            #expect(try await talk(nobody, line(.status)).contains("asked by"))
            #expect(try await talk(nobody, line(.verify(service))).contains("only root"))
            #expect(try await talk(nobody, line(.unhold(service))).contains("only root"))
            #expect(try await talk(root, line(.verify(service))).contains("asked by root"))
            group.cancelAll()
        }
    }

    @Test("Who sends no request in time is let go")
    func slow() async throws {
        let scratch = Scratch()
        try await withThrowingTaskGroup(of: Void.self) { (group) async throws in
            group.addTask {
                var server = server(scratch, uid: 0)
                server.patience = .milliseconds(20)
                try await server.run()
            }
            #expect(try await talk(scratch) == "")
            #expect(try await talk(scratch, "half a request") == "")
            group.cancelAll()
        }
    }

    @Test("Idle connections of others don't keep root out")
    func crowd() async throws {
        let scratch = Scratch()
        let uid = Shared(uid: 65_534)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var server = server(scratch, uid: 0)
                server.identify = { _ in LocalPeer(uid: uid.value) }
                try await server.run()
            }
            try await withThrowingTaskGroup(of: Void.self) { crowd in
                for channel in try await idle(33, scratch) {
                    crowd.addTask { try await channel.closeFuture.get() }
                }
                // One too many: the others have their places.
                try await crowd.next()
                uid.value = 0
                #expect(try await talk(scratch, line(.status)).contains("asked by root"))
                group.cancelAll()
            }
        }
    }

    /// Opens connections that say nothing.
    private func idle(_ count: Int, _ scratch: Scratch) async throws -> [any Channel] {
        var channels: [any Channel] = []
        while channels.count < count {
            do {
                let bootstrap = ClientBootstrap(group: Self.group)
                channels.append(try await bootstrap.connect(unixDomainSocketPath: "\(scratch.path)/agent.sock").get())
            } catch {
                await Task.yield()  // it does not listen yet
            }
        }
        return channels
    }

    private final class Shared: Sendable {
        private let uid: Mutex<uid_t>
        init(uid: uid_t) { self.uid = Mutex(uid) }
        var value: uid_t {
            get { uid.withLock { $0 } }
            set { uid.withLock { $0 = newValue } }
        }
    }
}
