internal import Glibc
internal import Model

/// One question to whoever listens on a Unix socket, and the answer; blocks.
///
/// Both end with the same byte.
struct SocketDialogue {
    let path: String
    let terminator: UInt8
    /// Time for each part of the answer; nil waits as long as it takes.
    var patience: TimeSpan?

    /// Sends `question` with the terminator behind it.
    ///
    /// - Returns: The answer with its terminator, or nil when nobody listens.
    /// - Throws: `FileError` when the other side went away in between, or took too long.
    func ask(_ question: [UInt8]) throws(FileError) -> [UInt8]? {
        let connection = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard connection >= 0 else { throw .last("socket", path) }
        defer { close(connection) }
        if let patience { try limit(connection, to: patience) }
        guard try connect(connection) else { return nil }
        try send(question + [terminator], to: connection)
        return try receive(connection)
    }

    private func limit(_ connection: CInt, to span: TimeSpan) throws(FileError) {
        var time = timeval(tv_sec: Int(span.milliseconds / 1000), tv_usec: Int(span.milliseconds % 1000) * 1000)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            let status = setsockopt(connection, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
            guard status == 0 else { throw .last("setsockopt", path) }
        }
    }

    /// False when nobody listens.
    private func connect(_ connection: CInt) throws(FileError) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else {
            throw FileError(operation: "connect", path: path, errno: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status != 0 else { return true }
        guard errno == ENOENT || errno == ECONNREFUSED else { throw .last("connect", path) }
        return false
    }

    private func send(_ bytes: [UInt8], to connection: CInt) throws(FileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw .last("send", path) }
            rest = rest.dropFirst(count)
        }
    }

    private func receive(_ connection: CInt) throws(FileError) -> [UInt8] {
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while received.last != terminator {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else {
                throw FileError(operation: "recv", path: path, errno: count == 0 ? ECONNRESET : errno)
            }
            received.append(contentsOf: chunk[..<count])
        }
        return received
    }
}
