internal import Artifacts
internal import Glibc

/// The lines of a file of any size, in the memory of a few of them.
struct FileLines {
    private let file: OpenFile
    private let path: String
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// Longer than any line of ours: a plan of a thousand hosts has 200 KiB.
    private static let longestLine = 16 << 20
    private static let chunk = 1 << 20

    init(path: String) throws(CoordinatorError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw SmallFile.unusable(path, "can't be read") }
        file = OpenFile(owning: descriptor)
        self.path = path
    }

    /// The next line without its end, or nil at the end of the file.
    ///
    /// - Throws: `CoordinatorError` for a last line without an end, which was cut off.
    mutating func next() throws(CoordinatorError) -> [UInt8]? {
        var searched = start
        while true {
            if let end = lineEnd(from: searched) {
                defer { start = end + 1 }
                return Array(buffer[start..<end])
            }
            searched = buffer.count
            guard !isAtEnd else {
                guard start == buffer.count else {
                    throw CoordinatorError(.fileUnusable, "\(path) ends in the middle of a line: it was cut off")
                }
                return nil
            }
            searched -= start
            buffer.removeFirst(start)
            start = 0
            try fill()
        }
    }

    private func lineEnd(from start: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, start < bytes.count else { return nil }
            return memchr(base + start, 0x0A, bytes.count - start).map { UnsafeRawPointer($0) - base }
        }
    }

    private mutating func fill() throws(CoordinatorError) {
        guard buffer.count < Self.longestLine else {
            throw CoordinatorError(.fileUnusable, "\(path) has a line of more than 16 MiB: it is no export of a ledger")
        }
        var failure: Int32 = 0
        repeat {
            failure = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunk) { bytes, filled in
                let count = read(file.descriptor, bytes.baseAddress, Self.chunk)
                if count < 0 { failure = errno }
                filled = max(0, count)
            }
            buffer += bytes
            isAtEnd = failure == 0 && bytes.isEmpty
        } while failure == EINTR
        errno = failure
        guard failure == 0 else { throw SmallFile.unusable(path, "can't be read") }
    }
}
