import CLinux
import Glibc

/// Wakes a thread that polls.
final class WakeSignal: Sendable {
    let file: OpenFile

    init() throws(ArtifactError) {
        let descriptor = fleet_eventfd()
        guard descriptor >= 0 else { throw .system("eventfd", nil) }
        file = OpenFile(owning: descriptor)
    }

    func raise() { eventfd_write(file.descriptor, 1) }

    func clear() {
        var count: eventfd_t = 0
        eventfd_read(file.descriptor, &count)
    }
}
