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
        var from = Self.address(source, 0)
        var target = Self.address("127.0.0.1", port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected =
            withUnsafePointer(to: &from) { from in
                from.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
            }
            && withUnsafePointer(to: &target) { target in
                target.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
            }
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

    private static func address(_ text: String, _ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        return address
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
        var place = address("127.0.0.1", 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port =
            withUnsafeMutablePointer(to: &place) { place in
                place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                    bind(listener, place, size) == 0 && listen(listener, 8) == 0
                        && getsockname(listener, place, &size) == 0
                }
            } ? Int(UInt16(bigEndian: place.sin_port)) : 0
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
