import Model
import NIOCore
import Protocol
import Synchronization
import TLS
import Testing

@testable import Session

struct RequestTests {
    @Test("A request is answered, over plain sockets and over TLS", arguments: Pair.Wire.allCases)
    func answered(_ wire: Pair.Wire) async throws {
        let report = try Samples.report(5)
        let pair = try Pair(
            wire,
            agentHandler: Answers { request, call in
                #expect(request == .status)
                #expect(call.peer.name == "c1")
                return .status(report)
            }
        )
        let (answer, peer) = try await pair.dial { (session) async throws in
            (try await session.status(), session.peerHello)
        }
        #expect(answer == report)
        #expect(peer.software == "fleet of web-1")
    }

    @Test("Who dialled does not decide who asks")
    func otherDirection() async throws {
        let report = try Samples.report(6)
        let pair = try Pair(.tls, agentHandler: Answers { _, _ in .status(report) })
        #expect(try await pair.accept { try await $0.status() } == report)
    }

    @Test("Many requests are answered side by side, in whatever order")
    func concurrent() async throws {
        let barrier = Mutex(0)
        let all = Signal()
        let pair = try Pair(
            agentHandler: Answers { request, _ in
                guard case .command(let command) = request else { throw Problem.refused("no command") }
                let arrived = barrier.withLock { count in
                    count += 1
                    return count
                }
                if arrived == 50 { all.send() }
                await all.wait()
                return .reply(.claimed(highest: Epoch(command.id.sequence)))
            }
        )
        try await pair.dial { (session) async throws in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in Int64(1)...50 {
                    group.addTask {
                        try await session.command(Samples.command(number)) == .claimed(highest: Epoch(number))
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test("A repeated id is handed up each time, unchanged")
    func replay() async throws {
        let seen = Mutex<[RequestID]>([])
        let pair = try Pair(
            agentHandler: Answers { request, _ in
                guard case .command(let command) = request else { throw Problem.refused("no command") }
                seen.withLock { $0.append(command.id) }
                return .reply(.released)
            }
        )
        let command = try Samples.command(9)
        try await pair.dial { (session) async throws in
            #expect(try await session.command(command) == .released)
            #expect(try await session.command(command) == .released)
        }
        #expect(seen.withLock { $0 } == [command.id, command.id])
    }

    @Test("A cancelled request is cancelled at the peer, and the session goes on")
    func cancelled() async throws {
        let begun = Signal()
        let stopped = Signal()
        let report = try Samples.report()
        let pair = try Pair(
            agentHandler: Answers { request, _ in
                guard case .facts = request else { return .status(report) }
                begun.send()
                await Signal().wait()
                #expect(Task.isCancelled)
                stopped.send()
                throw CancellationError()
            }
        )
        try await pair.dial { (session) async throws in
            let task = Task { try await session.facts() }
            await begun.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await stopped.wait()
            #expect(try await session.status() == report)
        }
    }

    @Test("A request without an answer ends at its deadline")
    func deadline() async throws {
        let clock = ManualClock()
        let begun = Signal()
        var pair = try Pair(
            agentHandler: Answers { _, _ in
                begun.send()
                await Signal().wait()
                throw CancellationError()
            }
        )
        pair.coordinator.clock = clock
        try await pair.dial { (session) async throws in
            let task = Task { try await session.status(within: .seconds(30)) }
            await begun.wait()
            await clock.sleepers(2)
            clock.advance(by: .seconds(30))
            let error = await #expect(throws: SessionError.self) { try await task.value }
            #expect(error?.code == .deadline)
        }
    }

    @Test("A problem of the handler reaches who asked, and the session goes on")
    func problem() async throws {
        let pair = try Pair(agentHandler: Answers { _, _ in throw Problem(code: "disk.full", message: "no space") })
        try await pair.dial { (session) async throws in
            for _ in 0..<2 {
                let error = await #expect(throws: SessionError.self) { try await session.status() }
                #expect(error?.code == .refused)
                #expect(error?.problem == Problem(code: "disk.full", message: "no space"))
            }
        }
    }

    @Test("More requests than allowed are refused, not queued")
    func busy() async throws {
        let begun = Signal()
        let go = Signal()
        let report = try Samples.report()
        var pair = try Pair(
            agentHandler: Answers { _, _ in
                begun.send()
                await go.wait()
                return .status(report)
            }
        )
        pair.agent.limits.requests = 1
        try await pair.dial { (session) async throws in
            async let first = session.status()
            await begun.wait()
            let error = await #expect(throws: SessionError.self) { try await session.status() }
            #expect(error?.problem?.code == "request.busy")
            go.send()
            #expect(try await first == report)
        }
    }

    @Test("An agent may not ask another agent")
    func role() async throws {
        var pair = try Pair(
            .tls,
            agentHandler: Answers { _, _ in
                Issue.record("the handler was asked")
                return .ended
            }
        )
        pair.coordinatorRole = .agent
        try await pair.dial { (session) async throws in
            for request in [Request.status, .command(try Samples.command()), .openBulk] {
                let error = await #expect(throws: SessionError.self) { try await session.request(request) }
                #expect(error?.problem?.code == "request.refused")
            }
        }
    }
}
