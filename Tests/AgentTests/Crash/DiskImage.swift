import Foundation
import Glibc

/// What a file system holds, by inode, so that names and contents can be lost apart from each other.
struct DiskImage {
    enum Kind: Hashable {
        case directory(mode: mode_t)
        case file([UInt8], mode: mode_t)
        case link(String)
    }

    struct Entry {
        let path: String
        let kind: Kind
    }

    static let root = 0
    /// Contents by inode.
    var nodes: [Int: Kind] = [root: .directory(mode: 0o755)]
    /// Names in directories, by the directory's inode.
    var names: [Int: [String: Int]] = [:]

    func inode(_ directory: Int, _ name: String) -> Int? { names[directory]?[name] }

    /// Everything that a walk from the root finds, parents first.
    var entries: [Entry] {
        var found: [Entry] = []
        var pending = [("", Self.root)]
        while let (path, inode) = pending.popLast() {
            for (name, child) in (names[inode] ?? [:]).sorted(by: { $0.key < $1.key }) {
                guard let kind = nodes[child] else { continue }
                let place = "\(path)/\(name)"
                found.append(Entry(path: place, kind: kind))
                if case .directory = kind { pending.append((place, child)) }
            }
        }
        return found.sorted { $0.path < $1.path }
    }

    /// Makes the whole image in an empty directory.
    func make(in directory: String) throws {
        var modes: [(String, mode_t)] = []
        for entry in entries {
            let path = directory + entry.path
            switch entry.kind {
            case .directory(let mode):
                guard mkdir(path, 0o755) == 0 else { throw CrashProblem("mkdir \(path): \(errno)") }
                modes.append((path, mode))
            case .file(let bytes, let mode):
                try Data(bytes).write(to: URL(filePath: path))
                modes.append((path, mode))
            case .link(let target):
                guard symlink(target, path) == 0 else { throw CrashProblem("symlink \(path): \(errno)") }
            }
        }
        for (path, mode) in modes.reversed() { _ = chmod(path, mode) }
    }

    /// What lies below a directory, parents first; the paths begin with the directory's.
    static func entries(of directory: String) -> [Entry] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []  // none: nothing there
        return names.sorted().compactMap { name in
            let path = "\(directory)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return Entry(path: path, kind: .directory(mode: status.st_mode & 0o7777))
            case S_IFLNK:
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
                return target.map { Entry(path: path, kind: .link($0)) }
            case S_IFREG:
                let bytes = FileManager.default.contents(atPath: path) ?? Data()
                return Entry(path: path, kind: .file([UInt8](bytes), mode: status.st_mode & 0o7777))
            default: return nil
            }
        }
    }
}
