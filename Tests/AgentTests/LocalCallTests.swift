import Foundation
import Logging
import Model
import NIOPosix
import Testing

@testable import Agent

struct LocalCallTests {
    @Test("A call over the local socket is answered, and carries who asked")
    func asks() async throws {
        let scratch = Scratch()
        let path = "\(scratch.path)/agent.sock"
        let server = LocalServer(
            path: path,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test"),
            handler: { call, user in .failed(Failure(.held, "\(call.isForEveryone) for \(user)")) }
        )
        let running = Task { try await server.run() }
        defer { running.cancel() }
        var reply: LocalReply?
        while reply == nil {
            try await Task.sleep(for: .milliseconds(5))
            reply = try await Self.ask(path)
        }
        #expect(reply == .failed(Failure(.held, "true for \(NSUserName())")))
    }

    /// The client blocks, so it gets a thread of its own: the server needs those of the pool.
    private static func ask(_ path: String) async throws -> LocalReply? {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try LocalClient(path: path).ask(.status) })
            }
        }
    }

    @Test("Without an agent there is no answer, and no error")
    func answersNothing() throws {
        let scratch = Scratch()
        #expect(try LocalClient(path: "\(scratch.path)/agent.sock").ask(.status) == nil)
    }
}
