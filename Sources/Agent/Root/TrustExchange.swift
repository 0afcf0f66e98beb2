internal import Glibc
internal import Trust

/// Replaces the files of `/etc/fleet/trust`, all of them or none.
///
/// The new directory is made beside the old one, and one renameat2(2) exchanges the two. What no trust root speaks for is
/// carried over; the old directory stays as `trust.previous`.
struct TrustExchange {
    let path: String

    /// Makes these the files of the directory, by their paths in it; durable when it returns.
    func replace(with files: [(path: String, bytes: [UInt8])]) throws(FileError) {
        let name = String(path.split(separator: "/").last ?? "")
        let parent = try Directory(path: String(path.dropLast(name.utf8.count + 1)) + "/")
        let staging = ".\(name).new"
        // Left by a crash, before or after the exchange.
        try Tree.remove(staging, in: parent)
        do {
            let new = try Directory(creating: parent.full(staging))
            try carryOver(to: new)
            for directory in TrustFile.directories { _ = try Directory(creating: new.full(directory)) }
            for file in files { try write(file.path, file.bytes, in: new) }
            try new.sync()
        }
        try parent.exchange(name, with: staging)
        try Tree.remove("\(name).previous", in: parent)
        try parent.rename(staging, to: "\(name).previous")
    }

    private func write(_ path: String, _ bytes: [UInt8], in new: borrowing Directory) throws(FileError) {
        guard let slash = path.firstIndex(of: "/") else { return try new.write(path, bytes, mode: 0o644) }
        let directory = try Directory(path: new.full(String(path[..<slash])))
        try directory.write(String(path[path.index(after: slash)...]), bytes, mode: 0o644)
    }

    /// Links the files that are none of a root's business, such as the ledgers that this host knows.
    private func carryOver(to new: borrowing Directory) throws(FileError) {
        let old = try Directory(path: path)
        let governed = TrustFile.names + TrustFile.directories + ["root.json"]
        for entry in try old.entries() where !governed.contains(entry) { try link(entry, of: old, into: new) }
    }

    /// Links a file, or makes a directory of the same name and links what it holds.
    private func link(
        _ entry: String,
        of old: borrowing Directory,
        into new: borrowing Directory
    ) throws(FileError) {
        guard linkat(old.descriptor, entry, new.descriptor, entry, 0) != 0 else { return }
        // Only a directory can't be linked.
        guard errno == EPERM else { throw .last("link", new.full(entry)) }
        let inner = try Directory(path: old.full(entry))
        let copy = try Directory(creating: new.full(entry))
        for name in try inner.entries() { try link(name, of: inner, into: copy) }
        try copy.sync()
    }
}
