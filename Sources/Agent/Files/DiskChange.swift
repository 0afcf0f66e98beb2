internal import Activation
internal import Glibc

/// One change of what a power cut leaves behind: a system call of `Directory` and `Tree`, or what the journal stores.
///
/// A test may watch all of them, or have some fail; in production there is nobody who watches, and only the call is made.
enum DiskChange: Hashable, Sendable {
    case makeDirectory(String)
    case create(String, mode: mode_t)
    /// At the end of a file.
    case write(String, [UInt8])
    case setMode(String, mode_t)
    case symbolicLink(String, target: String)
    /// Whatever had the new name before is gone.
    case rename(String, to: String)
    case exchange(String, with: String)
    case unlink(String)
    case removeDirectory(String)
    case syncFile(String)
    case syncDirectory(String)
    case syncFileSystem(String)
    /// A machine's state in the journal; durable once it is made.
    case store(ServiceMachine)

    /// Who is told of each change before it is made.
    protocol Witness: Sendable {
        /// With which errno the change fails without being made; nil makes it.
        func refusal(of change: DiskChange) -> CInt?
    }

    /// Of the tasks that a test has begun; nil in production.
    @TaskLocal static var witness: (any Witness)?

    /// Makes a change by `call`, unless the witness has it fail: -1 then, and errno says why, as after a system call.
    static func perform<Result: SignedInteger>(_ change: @autoclosure () -> Self, _ call: () -> Result) -> Result {
        guard let witness, let number = witness.refusal(of: change()) else { return call() }
        errno = number
        return -1
    }
}
