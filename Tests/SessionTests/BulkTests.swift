import Model
import NIOCore
import Protocol
import Synchronization
import TLS
import Testing

@testable import Session

struct BulkTests {
    /// Buffers that tell their place; counts how many were taken.
    struct Source: AsyncSequence, Sendable {
        let buffers: Int
        let size: Int
        let drawn: Counter

        struct AsyncIterator: AsyncIteratorProtocol {
            let source: Source
            var next = 0

            mutating func next() async throws -> ByteBuffer? {
                try Task.checkCancellation()
                guard next < source.buffers else { return nil }
                defer { next += 1 }
                source.drawn.add(source.size)
                return Source.buffer(next, source.size)
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: self) }

        static func buffer(_ number: Int, _ size: Int) -> ByteBuffer {
            var buffer = ByteBuffer(repeating: UInt8(truncatingIfNeeded: number), count: size)
            buffer.setInteger(UInt32(number), at: 0)
            return buffer
        }

        var whole: ByteBuffer {
            var all = ByteBuffer()
            for number in 0..<buffers { all.writeImmutableBuffer(Self.buffer(number, size)) }
            return all
        }
    }

    final class Counter: Sendable {
        private let bytes = Mutex(0)
        func add(_ count: Int) { bytes.withLock { $0 += count } }
        var count: Int { bytes.withLock { $0 } }
    }

    private func offer(_ source: Source) -> ArtifactOffer {
        ArtifactOffer(digest: Samples.digest, size: ByteCount(Int64(source.buffers * source.size)), encoding: .identity)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let wire: Pair.Wire
        let buffers: Int
        let size: Int
        var testDescription: String { "\(buffers) buffers of \(size) bytes, \(wire)" }
    }

    @Test(
        "An artifact arrives byte for byte",
        arguments: [
            Row(wire: .tls, buffers: 256, size: 256 << 10),
            Row(wire: .plain, buffers: 3, size: 65_536),
            Row(wire: .plain, buffers: 100, size: 65_537),
            Row(wire: .plain, buffers: 9000, size: 4),
            Row(wire: .plain, buffers: 1, size: 5 << 20),
            Row(wire: .plain, buffers: 0, size: 0),
        ]
    )
    func push(_ row: Row) async throws {
        let source = Source(buffers: row.buffers, size: row.size, drawn: Counter())
        let received = Mutex(ByteBuffer())
        let pair = try Pair(
            row.wire,
            agentHandler: Answers { request, call in
                guard case .pushArtifact = request else { throw Problem.refused("no artifact") }
                for try await buffer in try await call.artifactBytes() {
                    received.withLock { _ = $0.writeImmutableBuffer(buffer) }
                }
                return .artifact(.stored)
            }
        )
        let offer = offer(source)
        let state = try await pair.dial { try await $0.sendArtifact(offer, from: source) }
        #expect(state == .stored)
        let isEqual = received.withLock { $0 == source.whole }
        #expect(isEqual)
    }

    @Test("It does not matter who dialled, and one connection carries many", arguments: Pair.Wire.allCases)
    func acceptorSends(_ wire: Pair.Wire) async throws {
        let received = Counter()
        let pair = try Pair(
            wire,
            agentHandler: Answers { _, call in
                for try await buffer in try await call.artifactBytes() { received.add(buffer.readableBytes) }
                return .artifact(.stored)
            }
        )
        let source = Source(buffers: 20, size: 100_000, drawn: Counter())
        let offer = offer(source)
        let states = try await pair.accept { session in
            try await withThrowingTaskGroup(of: ArtifactState.self) { group in
                for _ in 0..<5 { group.addTask { try await session.sendArtifact(offer, from: source) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(states == [.stored, .stored, .stored, .stored, .stored])
        #expect(received.count == 5 * 2_000_000)
    }

    @Test("A bulk connection is let go after the last artifact under way, and the next one gets a new one")
    func letGo() async throws {
        let pair = try Pair(
            agentHandler: Answers { _, call in
                for try await _ in try await call.artifactBytes() {}
                return .artifact(.stored)
            }
        )
        let source = Source(buffers: 2, size: 1000, drawn: Counter())
        let offer = offer(source)
        let states = try await pair.dial { session in
            let first = try await session.sendArtifact(offer, from: source)
            let hadBulk = await session.hasBulk
            let second = try await session.sendArtifact(offer, from: source)
            return (first, hadBulk, second)
        }
        #expect(states == (.stored, false, .stored))
    }

    @Test("A receiver that writes slowly slows the sender down", arguments: Pair.Wire.allCases)
    func bounded(_ wire: Pair.Wire) async throws {
        var pair = try Pair(wire)
        let window = 256 << 10
        pair.agent.limits.bulkWindow = window
        let source = Source(buffers: 300, size: 64 << 10, drawn: Counter())
        let taken = Counter()
        pair.agentHandler = Answers { _, call in
            for try await buffer in try await call.artifactBytes() {
                taken.add(buffer.readableBytes)
                // One buffer may wait for credit at the sender; everything else that was drawn is in the window.
                #expect(source.drawn.count - taken.count <= window + source.size)
            }
            return .artifact(.stored)
        }
        let offer = offer(source)
        _ = try await pair.dial { try await $0.sendArtifact(offer, from: source) }
        #expect(taken.count == 300 * (64 << 10))
    }

    @Test("An artifact that the host has is not sent")
    func present() async throws {
        let pair = try Pair(agentHandler: Answers { _, _ in .artifact(.present) })
        let source = Source(buffers: 1000, size: 64 << 10, drawn: Counter())
        let offer = offer(source)
        let state = try await pair.dial { try await $0.sendArtifact(offer, from: source) }
        #expect(state == .present)
        #expect(source.drawn.count <= source.size)
    }

    @Test("A receiver that gives up stops the sender, and the next artifact is received")
    func receiverGivesUp() async throws {
        let attempts = Counter()
        let pair = try Pair(
            agentHandler: Answers { _, call in
                attempts.add(1)
                let isFirst = attempts.count == 1
                for try await _ in try await call.artifactBytes() where isFirst {
                    throw Problem(code: "disk.full", message: "no space")
                }
                return .artifact(.stored)
            }
        )
        let source = Source(buffers: 1000, size: 64 << 10, drawn: Counter())
        let offer = offer(source)
        try await pair.dial { (session) async throws in
            let error = await #expect(throws: SessionError.self) { try await session.sendArtifact(offer, from: source) }
            #expect(error?.problem?.code == "disk.full")
            #expect(source.drawn.count < 1000 * (64 << 10))
            #expect(try await session.sendArtifact(offer, from: source) == .stored)
        }
    }

    @Test("A source that breaks is no end: the receiver gets an error")
    func sourceBreaks() async throws {
        struct Unreadable: Error {}
        let failed = Signal()
        let pair = try Pair(
            agentHandler: Answers { _, call in
                do {
                    for try await _ in try await call.artifactBytes() {}
                    Issue.record("half an artifact was taken for a whole one")
                } catch {
                    failed.send()
                    throw error
                }
                return .artifact(.stored)
            }
        )
        let source = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
            continuation.yield(ByteBuffer(string: "half"))
            continuation.finish(throwing: Unreadable())
        }
        let offer = ArtifactOffer(digest: Samples.digest, size: ByteCount(8), encoding: .identity)
        try await pair.dial { (session) async throws in
            await #expect(throws: Unreadable.self) { try await session.sendArtifact(offer, from: source) }
            await failed.wait()
        }
    }

    @Test("A bulk token that nobody gave out is refused")
    func unknownToken() async throws {
        let listener = try await SessionListener.bind(
            to: loopback(),
            over: .plain(peer: Members.peer(.coordinator, "c1")),
            Members.configuration("web-1")
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            try await RawPeer.dialing(listener.address) { frames, outbound, _ in
                var generator = SystemRandomNumberGenerator()
                try await outbound.write(Envelope.bulkHello(.random(using: &generator)).frame())
                guard case .goodbye(let goodbye) = try await RawPeer.next(&frames) else {
                    Issue.record("no goodbye")
                    return
                }
                #expect(goodbye.code == "bulk.token_unknown")
            }
            group.cancelAll()
        }
    }

    @Test(
        "Bytes cost what their frames cost, and credit is never overdrawn",
        arguments: [1024, 1025, 65_536, 65_537, 70_000, 524_288]
    )
    func costs(_ credit: Int) {
        for readable in [1, 1000, 1024, 65_535, 65_536, 65_537, 66_000, 131_072, 600_000] {
            let count = BulkConnection.bytes(for: credit, of: readable)
            #expect((1...readable).contains(count))
            #expect(BulkConnection.cost(of: count) <= credit)
        }
    }
}

extension Session {
    /// Whether a bulk connection is up.
    fileprivate var hasBulk: Bool { if case .open = bulk { true } else { false } }
}
