import Glibc

@testable import Agent

/// A file system that keeps only what was synced, and of the rest whatever it pleases.
///
/// As POSIX has it, with no order of any real file system assumed: names are durable after fsync of their directory, bytes
/// and modes after fsync of their file, all of them after syncfs. A rename happens whole or not at all.
struct CrashDisk {
    /// A change that no sync has made durable yet.
    enum Pending {
        /// Names that change together; nil takes a name away.
        case names([(directory: Int, name: String, inode: Int?)])
        case bytes(Int, offset: Int, [UInt8])
        case mode(Int, mode_t)
    }

    /// What becomes of one pending change.
    enum Fate: CaseIterable {
        case lost
        case kept
        /// Of bytes: the file has its length, and the second half of them are zeros.
        case torn
    }

    private let root: String
    private var live = DiskImage()
    private var durable = DiskImage()
    private(set) var pending: [Pending] = []
    private var next = 1

    /// A disk whose whole content is durable.
    init(root: String, holding entries: [DiskImage.Entry]) {
        self.root = root
        for entry in entries {
            guard let (directory, name) = place(entry.path) else { continue }
            live.nodes[next] = entry.kind
            live.names[directory, default: [:]][name] = next
            next += 1
        }
        durable = live
    }

    // MARK: What is done

    mutating func perform(_ change: DiskChange) {
        switch change {
        case .makeDirectory(let path): make(path, .directory(mode: 0o755))
        case .create(let path, let mode): make(path, .file([], mode: mode))
        case .symbolicLink(let path, let target): make(path, .link(target))
        case .write(let path, let bytes): write(path, bytes)
        case .setMode(let path, let mode): if let inode = inode(path) { pend(.mode(inode, mode)) }
        case .rename(let path, let other): rename(path, other)
        case .exchange(let path, let other): exchange(path, other)
        case .unlink(let path): remove(path) { if case .directory = $0 { false } else { true } }
        case .removeDirectory(let path): remove(path) { if case .directory = $0 { true } else { false } }
        case .syncFile(let path): syncFile(path)
        case .syncDirectory(let path): syncDirectory(path)
        case .syncFileSystem: sync { _ in true }
        case .store: break  // the journal is SQLite's, and durable once it is stored
        }
    }

    private mutating func pend(_ change: Pending) {
        Self.apply(change, .kept, to: &live)
        pending.append(change)
    }

    private mutating func make(_ path: String, _ kind: DiskImage.Kind) {
        guard let (directory, name) = place(path), live.inode(directory, name) == nil else { return }
        live.nodes[next] = kind
        // An inode comes into being with the first name that is durable.
        durable.nodes[next] = kind
        pend(.names([(directory, name, next)]))
        next += 1
    }

    private mutating func write(_ path: String, _ bytes: [UInt8]) {
        guard let inode = inode(path), case .file(let before, _)? = live.nodes[inode] else { return }
        pend(.bytes(inode, offset: before.count, bytes))
    }

    private mutating func rename(_ path: String, _ other: String) {
        guard let (from, name) = place(path), let (to, newName) = place(other), let inode = live.inode(from, name)
        else { return }
        pend(.names([(from, name, nil), (to, newName, inode)]))
    }

    private mutating func exchange(_ path: String, _ other: String) {
        guard let (one, name) = place(path), let (two, otherName) = place(other),
            let first = live.inode(one, name), let second = live.inode(two, otherName)
        else { return }
        pend(.names([(one, name, second), (two, otherName, first)]))
    }

    private mutating func remove(_ path: String, where isRight: (DiskImage.Kind) -> Bool) {
        guard let (directory, name) = place(path), let inode = live.inode(directory, name),
            let kind = live.nodes[inode], isRight(kind), live.names[inode, default: [:]].isEmpty
        else { return }
        pend(.names([(directory, name, nil)]))
    }

    // MARK: What is durable

    private mutating func syncFile(_ path: String) {
        guard let inode = inode(path) else { return }
        sync { change in
            switch change {
            case .bytes(inode, _, _), .mode(inode, _): true
            case .bytes, .mode, .names: false
            }
        }
    }

    private mutating func syncDirectory(_ path: String) {
        guard let inode = inode(path) else { return }
        sync { change in
            switch change {
            case .names(let names): names.contains { $0.directory == inode }
            case .mode(inode, _): true
            case .bytes, .mode: false
            }
        }
    }

    private mutating func sync(_ isMeant: (Pending) -> Bool) {
        for change in pending where isMeant(change) { Self.apply(change, .kept, to: &durable) }
        pending.removeAll(where: isMeant)
    }

    /// What is on the disk after a power cut in which each pending change had its fate.
    func image(_ fates: [Fate]) -> DiskImage {
        var image = durable
        for (change, fate) in zip(pending, fates) { Self.apply(change, fate, to: &image) }
        return image
    }

    private static func apply(_ change: Pending, _ fate: Fate, to image: inout DiskImage) {
        guard fate != .lost else { return }
        switch change {
        case .names(let names):
            for (directory, name, inode) in names { image.names[directory, default: [:]][name] = inode }
        case .bytes(let inode, let offset, let bytes):
            guard case .file(var content, let mode)? = image.nodes[inode] else { return }
            if content.count < offset + bytes.count {
                content += [UInt8](repeating: 0, count: offset + bytes.count - content.count)
            }
            let count = fate == .torn ? bytes.count / 2 : bytes.count
            content.replaceSubrange(offset..<offset + count, with: bytes.prefix(count))
            image.nodes[inode] = .file(content, mode: mode)
        case .mode(let inode, let mode):
            switch image.nodes[inode] {
            case .directory: image.nodes[inode] = .directory(mode: mode)
            case .file(let bytes, _): image.nodes[inode] = .file(bytes, mode: mode)
            case .link, nil: break
            }
        }
    }

    // MARK: Paths

    /// The directory in which a path's last component lies, and that component; nil for what is not on this disk.
    private func place(_ path: String) -> (directory: Int, name: String)? {
        guard var components = components(path), let name = components.popLast() else { return nil }
        var directory = DiskImage.root
        for component in components {
            guard let inode = live.inode(directory, component) else { return nil }
            directory = inode
        }
        return (directory, name)
    }

    private func inode(_ path: String) -> Int? {
        if components(path)?.isEmpty == true { return DiskImage.root }
        return place(path).flatMap { live.inode($0.directory, $0.name) }
    }

    private func components(_ path: String) -> [String]? {
        let own = root.split(separator: "/")
        let all = path.split(separator: "/")
        guard all.starts(with: own) else { return nil }
        return all.dropFirst(own.count).map(String.init)
    }
}
