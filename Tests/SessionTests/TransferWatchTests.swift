import Model
import NIOCore
import Protocol
import Synchronization
import Testing

@testable import Session

struct TransferWatchTests {
    @Test("What did not move between two ticks stands still; what is new or ended does not")
    func ticks() {
        var watch = TransferWatch()
        watch.moved(StreamID(1))
        watch.moved(StreamID(3))
        watch.moved(StreamID(5))
        #expect(watch.tick() == [])
        watch.moved(StreamID(1))
        watch.ended(StreamID(5))
        watch.moved(StreamID(7))
        let still = watch.tick()
        #expect(still == [StreamID(3)])
        #expect(!watch.isEverything(still))
    }

    @Test("A receiver that takes nothing more loses the transfer, and the next one is sent anew")
    func receiver() async throws {
        let clock = ManualClock()
        let attempts = Mutex(0)
        var pair = try Pair()
        pair.coordinator.clock = clock
        pair.agent.limits.bulkWindow = 64 << 10
        pair.agentHandler = Answers { _, call in
            let isFirst = attempts.withLock { attempts in
                attempts += 1
                return attempts == 1
            }
            for try await _ in try await call.artifactBytes() where isFirst { await Signal().wait() }
            return .artifact(.stored)
        }
        let isStuck = Signal()
        try await pair.dial { (session) async throws in
            async let first = session.sendArtifact(offer, from: source(endless: .yes, second: isStuck))
            try await tickTwice(clock, after: isStuck)
            do {
                Issue.record("\(try await first)")
            } catch let error as SessionError {
                #expect(error.code == .lost)
            }
            #expect(await session.endReason == nil)
            #expect(try await session.sendArtifact(offer, from: source(endless: .no, second: Signal())) == .stored)
        }
    }

    @Test("A sender that sends nothing more loses the transfer")
    func sender() async throws {
        let clock = ManualClock()
        var pair = try Pair(
            agentHandler: Answers { _, call in
                for try await _ in try await call.artifactBytes() {}
                return .artifact(.stored)
            }
        )
        pair.agent.clock = clock
        let isStuck = Signal()
        try await pair.dial { (session) async throws in
            async let first = session.sendArtifact(offer, from: source(endless: .no, second: isStuck, then: Signal()))
            try await tickTwice(clock, after: isStuck)
            do {
                Issue.record("\(try await first)")
            } catch let error as SessionError {
                #expect(error.code == .refused)
            }
            #expect(await session.endReason == nil)
        }
    }

    private enum Endless { case yes, no }

    private let offer = ArtifactOffer(digest: Samples.digest, size: ByteCount(64 << 10), encoding: .identity)

    /// Buffers of 64 KiB; tells when the second is asked for, as then the first is sent, and waits for `hold` if it is given.
    private func source(endless: Endless, second: Signal, then hold: Signal? = nil) -> AsyncStream<ByteBuffer> {
        let drawn = Counter()
        return AsyncStream {
            let number = drawn.next()
            if number == 2 {
                second.send()
                await hold?.wait()
            }
            return number == 1 || endless == .yes ? ByteBuffer(repeating: 1, count: 64 << 10) : nil
        }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    /// Lets the time of two ticks pass on the side of `clock`: its heartbeats and its watch sleep.
    private func tickTwice(_ clock: ManualClock, after signal: Signal) async throws {
        await signal.wait()
        for _ in 1...2 {
            await clock.sleepers(2)
            clock.advance(by: .seconds(30))
        }
    }
}
