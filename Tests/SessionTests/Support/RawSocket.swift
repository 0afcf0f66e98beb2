import Foundation
import Glibc
import NIOCore
import Protocol
import Testing

@testable import Session

/// A socket without an event loop, which does only what a test does with it.
///
/// Its calls block, so each runs on a thread of Dispatch.
final class RawSocket: Sendable {
    struct Problem: Error, CustomStringConvertible {
        let description: String

        init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }
    }

    private let descriptor: Int32
    /// POLLRDHUP of poll(2), which Swift does not see.
    private static let hangUp: Int16 = 0x2000

    /// Connects to a port of this machine, from an address of it.
    init(to port: Int, from source: String = "127.0.0.1") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Problem("socket") }
        let from = try SocketAddress(ipAddress: source, port: 0)
        let target = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let isConnected =
            from.withSockAddr { bind(descriptor, $0, socklen_t($1)) == 0 }
            && target.withSockAddr { connect(descriptor, $0, socklen_t($1)) == 0 }
        guard isConnected else {
            let problem = Problem("connect")
            close(descriptor)
            throw problem
        }
    }

    /// Takes over what `accept` gave.
    fileprivate init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Sends all of it; false when the peer has closed.
    func send(_ bytes: [UInt8]) async -> Bool {
        await Self.blocking { [descriptor] in
            var rest = bytes[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return false }
                rest = rest.dropFirst(sent)
            }
            return true
        }
    }

    /// Sends one byte after the other, with a pause between, until the peer closes; answers how many it took.
    func drip(_ bytes: [UInt8], every milliseconds: Int32) async -> Int {
        for (count, byte) in bytes.enumerated() {
            guard await !hasEnded(within: milliseconds), await send([byte]) else { return count }
        }
        return bytes.count
    }

    /// Whether the peer closes the connection in that time; what it sends meanwhile is not read.
    func hasEnded(within milliseconds: Int32) async -> Bool {
        await Self.blocking { [descriptor] in
            var wait = pollfd(fd: descriptor, events: Self.hangUp, revents: 0)
            return poll(&wait, 1, milliseconds) > 0
        }
    }

    /// Reads at least so many bytes.
    func read(_ count: Int) async throws -> [UInt8] {
        try await Self.blocking { [descriptor] in
            Result {
                var bytes = [UInt8](repeating: 0, count: count)
                let got = recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
                guard got == count else { throw Problem("read \(got) of \(count)") }
                return bytes
            }
        }.get()
    }

    static func blocking<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }

    // MARK: Listening

    /// Listens on a port that the system picks, accepts one connection, and answers with what `talk` does to it.
    static func listening<Value: Sendable>(
        _ talk: @escaping @Sendable (RawSocket) async throws -> Value,
        _ body: (SocketAddress) async -> Void
    ) async throws -> Value {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        let any = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
        // Where the address has its port, see ip(7).
        let port = any.withSockAddr { place, size in
            var bytes = [UInt8](repeating: 0, count: size)
            var length = socklen_t(size)
            let isListening =
                bind(listener, place, length) == 0 && listen(listener, 8) == 0
                && bytes.withUnsafeMutableBytes {
                    getsockname(listener, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, &length) == 0
                }
            return isListening ? Int(bytes[2]) << 8 | Int(bytes[3]) : 0
        }
        guard port > 0 else { throw Problem("listen") }
        async let value = {
            let accepted = await blocking { accept(listener, nil, nil) }
            guard accepted >= 0 else { throw Problem("accept") }
            return try await talk(RawSocket(descriptor: accepted))
        }()
        await body(try SocketAddress(ipAddress: "127.0.0.1", port: port))
        return try await value
    }
}

extension Envelope {
    /// The bytes of the frame that carries it.
    func bytes(on stream: StreamID = .connection) throws -> [UInt8] {
        var buffer = ByteBuffer()
        try FrameEncoder.encode(try frame(on: stream), into: &buffer)
        return Array(buffer.readableBytesView)
    }
}
