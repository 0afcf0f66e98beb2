internal import Glibc

/// What was read of a tree since somebody began to watch it.
package struct TreeMemory: Sendable {
    /// One state of one entry.
    struct Stamp: Hashable, Sendable {
        let inode: UInt
        let seconds: Int
        let nanoseconds: Int

        init(_ status: stat) {
            inode = UInt(status.st_ino)
            seconds = status.st_ctim.tv_sec
            nanoseconds = status.st_ctim.tv_nsec
        }

        /// Whether the change it stands for came after that of `other`.
        func isAfter(_ other: Self) -> Bool { (seconds, nanoseconds) > (other.seconds, other.nanoseconds) }
    }

    struct Finding: Sendable {
        let stamp: Stamp
        /// Nil where the content is as it should be.
        let kind: TreeDifference.Kind?
    }

    var findings: [[UInt8]: Finding] = [:]

    package init() {}
}
