import Logging
import Model
import Synchronization
import Testing

@testable import Agent

struct CertificateWatchTests {
    /// Lets a few days pass at once, and then ends.
    private struct Days: Clock {
        struct Instant: InstantProtocol {
            let offset: Duration
            func advanced(by duration: Duration) -> Self { Self(offset: offset + duration) }
            func duration(to other: Self) -> Duration { other.offset - offset }
            static func < (left: Self, right: Self) -> Bool { left.offset < right.offset }
        }

        final class State: Sendable {
            let offset = Mutex(Duration.zero)
        }

        let state = State()
        let last: Duration
        var now: Instant { Instant(offset: state.offset.withLock { $0 }) }
        var minimumResolution: Duration { .zero }

        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            state.offset.withLock { $0 = deadline.offset }
            if deadline.offset > last { throw CancellationError() }
        }
    }

    private struct Lines: LogHandler {
        final class Store: Sendable {
            let lines = Mutex<[String]>([])
        }

        let store: Store
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            store.lines.withLock { $0.append("\(event.level)") }
        }
    }

    @Test("It is said each day, from the last third of the validity")
    func days() async throws {
        let start = WallTime(milliseconds: 1_700_000_000_000)
        let store = Lines.Store()
        let clock = Days(last: .seconds(5 * 24 * 3600))
        let watch = CertificateWatch(
            validity: { Validity(notBefore: start + .days(-5), notAfter: start + .days(4)) },
            logger: Logger(label: "test") { _ in Lines(store: store) },
            clock: clock,
            now: { start + .milliseconds(clock.now.offset.components.seconds * 1000) }
        )
        await #expect(throws: CancellationError.self) { try await watch.run() }
        // Nine days in all: it is due when fewer than three remain, on the third day that is looked at.
        #expect(store.lines.withLock { $0 } == ["warning", "warning", "error", "error"])
    }
}
