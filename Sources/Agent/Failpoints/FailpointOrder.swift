#if FAILPOINTS
internal import Glibc
internal import Synchronization

/// At which failpoint this process kills itself, as a file says that FLEET_FAILPOINTS names.
///
/// Its first line is `NAME COUNT`: the process dies at the COUNTth time that it comes by. The line is taken out before, so
/// the next process goes on, or dies where the next line says. `record` writes down every point that is passed, in FILE.log.
final class FailpointOrder: Sendable {
    static let shared = FailpointOrder(path: getenv("FLEET_FAILPOINTS").map { String(cString: $0) })

    private struct Progress {
        var order: [UInt8] = []
        var passed = 0
    }

    private let path: String?
    private let progress = Mutex(Progress())

    init(path: String?) { self.path = path }

    func pass(_ point: Failpoint) {
        guard let path, let order = Self.read(path) else { return }
        let lines = order.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
        let words = (lines.first ?? []).split(separator: UInt8(ascii: " "))
        guard let name = words.first.map({ String(decoding: $0, as: UTF8.self) }) else { return }
        guard name != "record" else { return Self.append("\(point.rawValue)\n", to: "\(path).log") }
        guard name == point.rawValue else { return }
        let count = words.last.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 1
        let isDue = progress.withLock { progress in
            if progress.order != order { progress = Progress(order: order) }
            progress.passed += 1
            return progress.passed == count
        }
        guard isDue else { return }
        unlink(path)
        if lines.count > 1 { Self.append(String(decoding: lines[1], as: UTF8.self), to: path) }
        kill(getpid(), SIGKILL)
        while true { pause() }
    }

    private static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(file, &bytes, bytes.count)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    private static func append(_ text: String, to path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        let bytes = Array(text.utf8)
        _ = write(file, bytes, bytes.count)  // a test that misses its line says so
    }
}
#endif
