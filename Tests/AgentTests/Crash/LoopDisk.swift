import Foundation
import Glibc

@testable import Agent

/// A real ext4 in a file, mounted at a directory, whose power can be cut; needs root.
final class LoopDisk: Sendable {
    let mount: String
    private let image: String

    /// Why there can be none here; nil when there can.
    private static let obstacle: String? = {
        guard geteuid() == 0 else { return "mounting needs root" }
        do {
            try LoopDisk(size: "16M").end()
            return nil
        } catch {
            return "\(error)"
        }
    }()

    /// Says why tests are skipped, since a skipped suite is easily overlooked.
    static func canBeMade() -> Bool {
        guard let obstacle else { return true }
        print("skipped: no disks to cut the power of on this machine: \(obstacle)")
        return false
    }

    /// Makes an empty one and mounts it.
    init(size: String) throws {
        mount = "\(NSTemporaryDirectory())/fleet-disk-\(UUID().uuidString)"
        image = "\(mount).img"
        try CrashFixture.shell(
            """
            mkdir -p \(mount); truncate -s \(size) \(image)
            mkfs.ext4 -q -F -m 0 -E lazy_itable_init=0,lazy_journal_init=0 \(image)
            """,
            in: "/"
        )
        try remount()
    }

    /// Keeps what is there now, for `restore`.
    func keep() throws {
        try CrashFixture.shell("sync -f \(mount)", in: "/")
        try unmount()
        try CrashFixture.shell("cp --sparse=always \(image) \(image).kept", in: "/")
        try remount()
    }

    /// Puts what was kept in the place of all that is there.
    ///
    /// In a file of its own: what boots meanwhile may hold the old file system a moment longer, and would write to it.
    func restore() throws {
        try unmount()
        try CrashFixture.shell("rm \(image); cp --sparse=always \(image).kept \(image)", in: "/")
        try remount()
    }

    /// Stops the file system as a power cut does: what has not reached the disk never will.
    func cutPower() throws {
        let descriptor = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError.last("open", mount) }
        defer { close(descriptor) }
        var flags = Self.withoutFlush
        guard ioctl(descriptor, Self.shutdown, &flags) == 0 else { throw FileError.last("ioctl", mount) }
    }

    /// EXT4_IOC_SHUTDOWN, `_IOR('X', 125, __u32)`.
    private static let shutdown: UInt = 0x8004_587D
    /// EXT4_GOING_FLAGS_NOLOGFLUSH: not even what the journal of the file system has in memory.
    private static let withoutFlush: UInt32 = 2

    /// What only its journal holds is in place afterwards.
    func remount() throws { try CrashFixture.shell("mount -o loop \(image) \(mount)", in: "/") }

    /// Waits for who still has a file open there: threads end a moment after their last word.
    func unmount() throws {
        try CrashFixture.shell(
            "for i in {1..100}; do umount \(mount) 2>/dev/null && exit; sleep 0.05; done; umount \(mount)",
            in: "/"
        )
    }

    /// Removes it.
    func end() throws {
        try CrashFixture.shell("umount -l \(mount); rmdir \(mount); rm -f \(image) \(image).kept", in: "/")
    }
}
