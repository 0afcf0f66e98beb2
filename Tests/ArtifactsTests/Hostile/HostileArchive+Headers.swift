import Artifacts

extension HostileArchive {
    /// Headers on which readers disagree, or that ask for more than there is.
    static let headers: [Self] = [
        .damaged("a pax size that hides the next entry") { _, tar in
            tar.file("first")
            tar.pax("size", "1024")
            tar.add(.init("a"))
            tar.file("hidden")
        },
        .damaged("a pax size that shows an entry inside a file") { _, tar in
            var inner = TarBytes()
            inner.file("../outside/x")
            tar.pax("size", "0")
            tar.add(.init("a"), inner.bytes)
        },
        .damaged("two pax sizes") { _, tar in
            tar.pax([("size", [0x31]), ("size", [0x31])])
            tar.file("a")
        },
        .damaged("two pax paths") { _, tar in
            tar.pax([("path", [0x61]), ("path", [0x62])])
            tar.file("c")
        },
        .damaged("two pax headers for one entry") { _, tar in
            tar.pax("path", "a")
            tar.pax("comment", "b")
            tar.file("c")
        },
        .damaged("two long names for one entry") { _, tar in
            tar.long("L", "a")
            tar.long("L", "b")
            tar.file("c")
        },
        .damaged("a pax path for all entries") { _, tar in
            tar.pax([("path", [0x61])], type: "g")
            tar.file("b")
        },
        .damaged("a pax size for all entries") { _, tar in
            tar.pax([("size", [0x30])], type: "g")
            tar.file("b")
        },
        .damaged("a pax header for no entry") { _, tar in
            tar.file("a")
            tar.pax("path", "b")
        },
        .damaged("a record longer than its header") { _, tar in
            tar.add(.init("pax", "x"), Array("99 path=a\n".utf8))
            tar.file("b")
        },
        .damaged("a negative pax size") { _, tar in
            tar.pax("size", "-512")
            tar.file("a")
        },
        .damaged("a wrong checksum") { _, tar in
            tar.file("first")
            var header = TarBytes.Header("a")
            header.error = 1
            tar.add(header)
        },
        .damaged("a size that is no number") { _, tar in tar.sized(Array("0000000000x".utf8)) },
        .damaged("a negative size") { _, tar in tar.sized([UInt8](repeating: 0xFF, count: 12)) },
        .damaged("a size beyond all numbers") { _, tar in tar.sized([0x80] + [UInt8](repeating: 0xFF, count: 11)) },
        .damaged("an extended header of 2 MiB") { _, tar in
            tar.pax("comment", String(repeating: "c", count: 2 << 20))
            tar.file("a")
        },
        .damaged("a long name of 2 MiB") { _, tar in
            tar.long("L", String(repeating: "n", count: 2 << 20))
            tar.file("a")
        },
        .damaged("an extended header that claims 8 GiB") { _, tar in
            var header = TarBytes.Header("pax", "x")
            header.size = TarBytes.octal(8 << 30 - 1, digits: 11)
            tar.add(header)
        },
        .breaks(.dataWithoutFile, at: "d", "a directory with content that hides an entry") { _, tar in
            var inner = TarBytes()
            inner.file("hidden")
            tar.add(.init("d", "5"), inner.bytes)
        },
    ]

    /// More than the bounds of `HostileArchiveTests`, claimed or real.
    static let sizes: [Self] = [
        .exceeds(.tooManyBytes, "a file that claims 4 EiB") { _, tar in
            tar.pax("size", "4611686018427387904")
            tar.file("a")
        },
        .exceeds(.tooManyBytes, "a file that claims 8 GiB") { _, tar in
            tar.sized(TarBytes.octal(8 << 30 - 1, digits: 11))
        },
        .exceeds(.tooManyBytes, "a file beyond the bound") { _, tar in
            tar.file("a", String(repeating: "x", count: 2 << 20))
        },
        .exceeds(.tooManyBytes, "many files beyond the bound together") { _, tar in
            for number in 0..<20 { tar.file("\(number)", String(repeating: "x", count: 100_000)) }
        },
        .exceeds(.tooManyEntries, "an entry too many") { _, tar in
            for number in 0...1000 { tar.directory("\(number)") }
        },
        .exceeds(.tooManyEntries, "an implied directory too many") { _, tar in
            for number in 0..<11 {
                tar.pax("path", "\(number)" + String(repeating: "/d", count: 99))
                tar.file("x")
            }
        },
        .exceeds(.noEntries, "nothing") { _, _ in },
        .exceeds(.noEntries, "nothing but its root") { _, tar in tar.directory("./") },
    ]
}

extension TarBytes {
    /// A file with this in its size field.
    fileprivate mutating func sized(_ size: [UInt8]) {
        var header = Header("a")
        header.size = size
        add(header, Array("content".utf8))
    }
}
