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
            handler: { call, user in .failed(Failure(.held, "\(call.isReading) for \(user)")) }
        )
        let running = Task { try await server.run() }
        defer { running.cancel() }
        var reply: LocalReply?
        while reply == nil {
            try await Task.sleep(for: .milliseconds(5))
            reply = try LocalClient(path: path).ask(.status)
        }
        #expect(reply == .failed(Failure(.held, "true for \(NSUserName())")))
    }

    @Test("Without an agent there is no answer, and no error")
    func answersNothing() throws {
        let scratch = Scratch()
        #expect(try LocalClient(path: "\(scratch.path)/agent.sock").ask(.status) == nil)
    }
}
