import CLinux
import Glibc

/// Runs blocking work on a thread of its own, so that no event loop and no thread of Swift's pool waits for it.
package enum BlockingThread {
    private final class Job: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// What `body` returns, once it has run there.
    package static func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result = await withCheckedContinuation { continuation in
            start { continuation.resume(returning: Result { () throws(Failure) in try body() }) }
        }
        return try result.get()
    }

    /// Starts `body` on a detached thread with SIGPIPE blocked.
    static func start(_ body: @escaping @Sendable () -> Void) {
        let job = Unmanaged.passRetained(Job(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                fleet_block_sigpipe()
                fleet_name_thread("fleet-blocking")
                Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            job.toOpaque()
        )
        guard status == 0 else {
            // Out of threads: late is better than never.
            job.takeRetainedValue().body()
            return
        }
        pthread_detach(thread)
    }
}
