import Glibc

@testable import Agent

/// A socket in the place of systemd's that takes connections and never says a word.
final class SilentSystemd: Sendable {
    let address: BusAddress
    private let descriptor: CInt

    init() throws {
        let path = "/tmp/fleet-systemd-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, listen(descriptor, 8) == 0 else { throw FileError.last("listen", path) }
        self.descriptor = descriptor
        address = .managerSocket(path: path)
    }

    deinit {
        close(descriptor)
        if case .managerSocket(let path) = address { unlink(path) }
    }
}
