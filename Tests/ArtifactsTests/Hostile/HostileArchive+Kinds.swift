import Artifacts

extension HostileArchive {
    /// What is no file, directory or link, and what brings rights along.
    static let kinds: [Self] = [
        .breaks(.device, at: "a", "character device") { _, tar in tar.add(.init("a", "3")) },
        .breaks(.device, at: "a", "block device") { _, tar in tar.add(.init("a", "4")) },
        .breaks(.fifo, at: "a", "FIFO") { _, tar in tar.add(.init("a", "6")) },
        .breaks(.sparse, at: "a", "sparse file of old GNU tar") { _, tar in tar.add(.init("a", "S"), [1]) },
        .breaks(.sparse, at: "a", "sparse file of pax 0.1") { _, tar in
            tar.pax([("GNU.sparse.size", Array("1073741824".utf8)), ("GNU.sparse.map", Array("0,1".utf8))])
            tar.file("a")
        },
        .breaks(.sparse, at: "GNUSparseFile.0/a", "sparse file of pax 1.0") { _, tar in
            tar.pax([("GNU.sparse.major", [0x31]), ("GNU.sparse.minor", [0x30]), ("GNU.sparse.name", [0x61])])
            tar.file("GNUSparseFile.0/a")
        },
        .breaks(.unsupportedType, at: "a", "directory listing of GNU dumps") { _, tar in tar.add(.init("a", "D")) },
        .breaks(.unsupportedType, at: "a", "rest of a file from another volume") { _, tar in tar.add(.init("a", "M")) },
        .breaks(.unsupportedType, at: "a", "volume label") { _, tar in tar.add(.init("a", "V")) },
        .breaks(.unsupportedType, at: "a", "unknown type") { _, tar in tar.add(.init("a", "Z")) },
        .breaks(.specialMode, at: "a", "setuid") { _, tar in tar.file("a", mode: 0o4755) },
        .breaks(.specialMode, at: "a", "setgid") { _, tar in tar.file("a", mode: 0o2755) },
        .breaks(.specialMode, at: "d", "setgid directory") { _, tar in tar.directory("d", mode: 0o2775) },
        .breaks(.specialMode, at: "d", "sticky directory") { _, tar in tar.directory("d", mode: 0o1777) },
        .breaks(.specialMode, at: "b", "setuid by a hard link") { _, tar in
            tar.file("a")
            var header = TarBytes.Header("b", "1", link: "a")
            header.mode = 0o4755
            tar.add(header)
        },
        .breaks(.fileCapability, at: "a", "file capabilities of GNU tar, bsdtar and Go") { _, tar in
            tar.pax([
                ("SCHILY.xattr.security.capability", [1, 0, 0, 2, 0, 0x20, 0, 0] + [UInt8](repeating: 0, count: 12))
            ])
            tar.file("a", mode: 0o755)
        },
        .breaks(.fileCapability, at: "a", "file capabilities of bsdtar alone") { _, tar in
            tar.pax("LIBARCHIVE.xattr.security.capability", "AQAAAgAgAAAAAAAAAAAAAAAAAAA")
            tar.file("a", mode: 0o755)
        },
    ]
}
