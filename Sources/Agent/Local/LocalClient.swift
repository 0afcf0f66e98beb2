internal import FoundationEssentials
internal import Glibc
internal import Model

/// Asks the agent that runs on this host.
package struct LocalClient: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Sends one call and waits for its answer; blocks.
    ///
    /// - Returns: Nil when no agent listens.
    /// - Throws: `FileError` when it went away in between.
    package func ask(_ call: LocalCall) throws -> LocalReply? {
        let connection = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard connection >= 0 else { throw FileError.last("socket", path) }
        defer { close(connection) }
        guard try connect(connection) else { return nil }
        try send(Array(try JSONEncoder().encode(call)) + [UInt8(ascii: "\n")], to: connection)
        return try JSONDecoder().decode(LocalReply.self, from: Data(try receive(connection)))
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

    /// Everything up to the end of the line.
    private func receive(_ connection: CInt) throws(FileError) -> [UInt8] {
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while received.last != UInt8(ascii: "\n") {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else {
                throw FileError(operation: "recv", path: path, errno: count == 0 ? ECONNRESET : errno)
            }
            received.append(contentsOf: chunk[..<count])
        }
        return received
    }
}
