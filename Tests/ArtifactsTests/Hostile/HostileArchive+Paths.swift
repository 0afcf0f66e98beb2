import Artifacts

extension HostileArchive {
    /// Names that lead somewhere else.
    static let paths: [Self] = [
        .breaks(.absolutePath, at: "/OUTSIDE/x", "absolute") { outside, tar in tar.file("\(outside)/x") },
        .breaks(.absolutePath, at: "/OUTSIDE/x", "absolute, in a pax header") { outside, tar in
            tar.pax("path", "\(outside)/x")
            tar.file("x")
        },
        .breaks(.absolutePath, at: "/OUTSIDE/x", "absolute, in GNU's long name") { outside, tar in
            tar.long("L", "\(outside)/x")
            tar.file("x")
        },
        .breaks(.absolutePath, at: "/etc/x", "absolute, by the prefix of ustar") { _, tar in
            var header = TarBytes.Header("x")
            header.prefix = Array("/etc".utf8)
            tar.add(header)
        },
        .breaks(.parentPath, at: "../outside/x", "dot-dot") { _, tar in tar.file("../outside/x") },
        .breaks(.parentPath, at: "../outside/x", "dot-dot behind a dot") { _, tar in tar.file("./../outside/x") },
        .breaks(.parentPath, at: "a/../../outside/x", "dot-dot in the middle") { _, tar in
            tar.file("a/../../outside/x")
        },
        .breaks(.parentPath, at: "a/..", "dot-dot at the end") { _, tar in tar.directory("a/../") },
        .breaks(.parentPath, at: "../outside/x", "dot-dot, in a pax header") { _, tar in
            tar.pax("path", "../outside/x")
            tar.file("x")
        },
        .breaks(.emptyComponent, at: "a//x", "empty component") { _, tar in tar.file("a//x") },
        .breaks(.emptyComponent, at: "a/./x", "dot in the middle") { _, tar in tar.file("a/./x") },
        .breaks(.emptyComponent, at: "", "empty name") { _, tar in tar.file("") },
        .breaks(.unsupportedType, at: ".", "a file in place of the root") { _, tar in tar.file("./") },
        .breaks(.unsupportedType, at: ".", "a link in place of the root") { outside, tar in
            tar.link(".", to: outside)
        },
        .breaks(.reservedName, at: ".fleet/release.json", "Fleet's own papers") { _, tar in
            tar.file(".fleet/release.json", "{}")
        },
    ]

    /// Names beyond what a system or a host takes (PATH_MAX is 4,096, NAME_MAX 255).
    static let long: [Self] = [
        .breaks(.pathTooLong, at: Self.shown("n", 256), "a component of 256 bytes") { _, tar in
            tar.long("L", String(repeating: "n", count: 256))
            tar.file("x")
        },
        .breaks(.pathTooLong, at: Self.shown("é", 128), "a component of 128 letters in 256 bytes") { _, tar in
            tar.pax("path", String(repeating: "é", count: 128))
            tar.file("x")
        },
        .breaks(.pathTooLong, at: Self.shown("nine/", 201, "x"), "a path beyond the host's bound") { _, tar in
            tar.pax("path", String(repeating: "nine/", count: 201) + "x")
            tar.file("x")
        },
        .breaks(.pathTooLong, at: Self.shown("directory/", 409, "xxxxx"), "PATH_MAX - 1") { _, tar in
            tar.pax("path", String(repeating: "directory/", count: 409) + "xxxxx")
            tar.file("x")
        },
        .breaks(.pathTooLong, at: Self.shown("directory/", 409, "xxxxxx"), "PATH_MAX") { _, tar in
            tar.pax("path", String(repeating: "directory/", count: 409) + "xxxxxx")
            tar.file("x")
        },
        .breaks(.pathTooLong, at: Self.shown("d/", 50_000, "x"), "100,000 bytes of path") { _, tar in
            tar.long("L", String(repeating: "d/", count: 50_000) + "x")
            tar.file("x")
        },
        .breaks(.pathTooLong, at: Self.shown("d/", 100, "x"), "101 levels") { _, tar in
            tar.pax("path", String(repeating: "d/", count: 100) + "x")
            tar.file("x")
        },
        .breaks(.pathTooLong, at: "a", "a link of PATH_MAX") { _, tar in
            tar.pax("linkpath", String(repeating: "d/", count: 2048))
            tar.link("a", to: "x")
        },
    ]

    /// As much of a repeated name as a message shows.
    private static func shown(_ part: String, _ count: Int, _ end: String = "") -> String {
        String(decoding: (String(repeating: part, count: count) + end).utf8.prefix(300), as: UTF8.self)
    }
}
