import Artifacts

extension HostileArchive {
    /// Names that are no text, or text that does something.
    static let names: [Self] = [
        .breaks(.controlCharacter, at: "a\u{FFFD}b", "NUL in a header, where others stop reading") { _, tar in
            tar.file("a\u{0}b")
        },
        .breaks(.controlCharacter, at: "a\u{FFFD}b", "NUL in a pax header") { _, tar in
            tar.pax("path", "a\u{0}b")
            tar.file("x")
        },
        .breaks(.controlCharacter, at: "a\u{FFFD}b", "NUL in GNU's long name") { _, tar in
            tar.long("L", "a\u{0}b")
            tar.file("x")
        },
        .breaks(.controlCharacter, at: "a\u{FFFD}b", "newline") { _, tar in tar.file("a\nb") },
        .breaks(.controlCharacter, at: "a\u{FFFD}b", "tab, which parts a manifest's fields") { _, tar in
            tar.file("a\tb")
        },
        .breaks(.controlCharacter, at: "a\u{FFFD}[2Jb", "escape sequence") { _, tar in tar.file("a\u{1B}[2Jb") },
        .breaks(.controlCharacter, at: "a\u{FFFD}2Jb", "escape sequence in one C1 letter") { _, tar in
            tar.file("a\u{9B}2Jb")
        },
        .breaks(.controlCharacter, at: "a\u{FFFD}", "DEL") { _, tar in tar.file("a\u{7F}") },
        .breaks(.invalidText, at: "a\u{FFFD}", "a byte that no UTF-8 has") { _, tar in tar.named([0x61, 0xFF]) },
        .breaks(.invalidText, at: "\u{FFFD}\u{FFFD}x", "a slash in two bytes") { _, tar in
            tar.named([0xC0, 0xAF, 0x78])
        },
        .breaks(.invalidText, at: "\u{FFFD}\u{FFFD}\u{FFFD}", "half a surrogate pair") { _, tar in
            tar.named([0xED, 0xA0, 0x80])
        },
        .breaks(.invalidText, at: "a\u{FFFD}", "Latin-1") { _, tar in tar.named([0x61, 0xE9]) },
        .damaged("names in another character set") { _, tar in
            tar.pax("hdrcharset", "ISO-8859 1 1998")
            tar.file("a")
        },
    ]

    /// Two entries for one name; names that only look alike are two files, see `GoodArchiveTests`.
    static let collisions: [Self] = [
        .breaks(.duplicate, at: "a", "a file twice") { _, tar in
            tar.file("a", "first")
            tar.file("a", "second")
        },
        .breaks(.duplicate, at: "a", "a file twice, written differently") { _, tar in
            tar.file("a")
            tar.file("././a")
        },
        .breaks(.duplicate, at: "d", "a directory twice") { _, tar in
            tar.directory("d")
            tar.directory("d/")
        },
        .breaks(.duplicate, at: "d", "a file in place of a directory that was implied") { _, tar in
            tar.file("d/x")
            tar.file("d")
        },
    ]
}

extension TarBytes {
    /// A file whose name is no text.
    fileprivate mutating func named(_ name: [UInt8]) {
        var header = Header("")
        header.name = name
        add(header)
    }
}
