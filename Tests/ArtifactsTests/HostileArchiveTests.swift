import Artifacts
import Foundation
import Model
import Testing

struct HostileArchiveTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        /// Python that adds to the open `tarfile` named `t`; `e` makes an entry.
        let script: String
        let rule: EntryRule
        var testDescription: String { name }
    }

    private static let prelude = """
        import tarfile, io
        def e(t, name, data=b'', type=tarfile.REGTYPE, link='', mode=0o644, pax={}):
            i = tarfile.TarInfo(name); i.size = len(data); i.type = type; i.linkname = link; i.mode = mode
            i.pax_headers = pax
            t.addfile(i, io.BytesIO(data))

        """

    @Test(
        "An entry that breaks a rule is refused by that rule",
        arguments: [
            Row(name: "absolute path", script: "e(t, '/etc/x', b'x')", rule: .absolutePath),
            Row(name: "dot-dot", script: "e(t, '../x', b'x')", rule: .parentPath),
            Row(name: "inner dot-dot", script: "e(t, 'a/../../x', b'x')", rule: .parentPath),
            Row(name: "empty component", script: "e(t, 'a//x', b'x')", rule: .emptyComponent),
            Row(name: "empty name", script: "e(t, 'ok', b'x', pax={'path': ''})", rule: .emptyComponent),
            Row(
                name: "link, then a file through it",
                script: "e(t, 'a', type=b'2', link='b'); e(t, 'b', type=b'5', mode=0o755); e(t, 'a/x', b'x')",
                rule: .throughLink
            ),
            Row(name: "file as parent", script: "e(t, 'a', b'x'); e(t, 'a/x', b'x')", rule: .throughLink),
            Row(name: "absolute link", script: "e(t, 'a', type=b'2', link='/etc')", rule: .linkOutside),
            Row(name: "link up", script: "e(t, 'd/a', type=b'2', link='../../x')", rule: .linkOutside),
            Row(
                name: "links that climb together",
                script: "e(t, 'p/q/up', type=b'2', link='../..'); e(t, 'p/q/out', type=b'2', link='up/..')",
                rule: .linkOutside
            ),
            Row(name: "hard link outside", script: "e(t, 'a', type=b'1', link='/etc/passwd')", rule: .absolutePath),
            Row(name: "hard link up", script: "e(t, 'a', type=b'1', link='../x')", rule: .parentPath),
            Row(name: "hard link to nothing", script: "e(t, 'a', type=b'1', link='b')", rule: .hardLinkTarget),
            Row(
                name: "hard link to a link",
                script: "e(t, 'b', type=b'2', link='c'); e(t, 'a', type=b'1', link='b')",
                rule: .hardLinkTarget
            ),
            Row(name: "character device", script: "e(t, 'a', type=b'3')", rule: .device),
            Row(name: "block device", script: "e(t, 'a', type=b'4')", rule: .device),
            Row(name: "FIFO", script: "e(t, 'a', type=b'6')", rule: .fifo),
            Row(name: "setuid", script: "e(t, 'a', b'x', mode=0o4755)", rule: .specialMode),
            Row(name: "setgid", script: "e(t, 'a', b'x', mode=0o2755)", rule: .specialMode),
            Row(name: "sticky directory", script: "e(t, 'a', type=b'5', mode=0o1777)", rule: .specialMode),
            Row(name: "same file twice", script: "e(t, 'a', b'x'); e(t, './a', b'y')", rule: .duplicate),
            Row(name: "same directory twice", script: "e(t, 'a', type=b'5'); e(t, 'a/', type=b'5')", rule: .duplicate),
            Row(name: "reserved name", script: "e(t, '.fleet/x', b'x')", rule: .reservedName),
            Row(name: "link to the reserved name", script: "e(t, 'a', type=b'2', link='.fleet')", rule: .reservedName),
            Row(name: "NUL in a pax name", script: "e(t, 'a', b'x', pax={'path': 'a\\0b'})", rule: .controlCharacter),
            Row(name: "newline", script: "e(t, 'a\\nb', b'x')", rule: .controlCharacter),
            Row(name: "escape", script: "e(t, 'a\\x1b[2J', b'x')", rule: .controlCharacter),
            Row(name: "no UTF-8", script: "e(t, 'a\\udcff', b'x')", rule: .invalidText),
            Row(name: "long path", script: "e(t, '/'.join(['d' * 200] * 6), b'x')", rule: .pathTooLong),
            Row(name: "deep path", script: "e(t, '/'.join(['d'] * 200), b'x')", rule: .pathTooLong),
            Row(name: "unknown type", script: "e(t, 'a', type=b'Z')", rule: .unsupportedType),
            Row(
                name: "sparse file",
                script: "e(t, 'a', b'x', pax={'GNU.sparse.major': '1', 'GNU.sparse.minor': '0'})",
                rule: .sparse
            ),
        ]
    )
    func refusedEntry(_ row: Row) async throws {
        let place = try Workplace()
        try place.python(
            Self.prelude + "t = tarfile.open('a.tar', 'w', format=tarfile.PAX_FORMAT)\n" + row.script + "\nt.close()"
        )
        let error = try await #require(throws: ArtifactError.self) {
            try await place.tool().unpack(place.file("a.tar"), format: .tar, into: place.staging("in"))
        }
        #expect(error.code == .entryRefused)
        #expect(error.rule == row.rule, "\(error)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() == ["a.tar", "in"])
        let listError = try await #require(throws: ArtifactError.self) {
            try await place.tool().list(place.file("a.tar"), format: .tar)
        }
        #expect(listError == error)
    }

    @Test("A NUL in a ustar name is refused, not cut off")
    func nulInName() async throws {
        let place = try Workplace()
        try place.python(
            Self.prelude + """
                t = tarfile.open('a.tar', 'w', format=tarfile.USTAR_FORMAT); e(t, 'aXb', b'x'); t.close()
                b = bytearray(open('a.tar', 'rb').read()); b[1] = 0; b[148:156] = b'        '
                b[148:155] = b'%06o\\0' % sum(b[:512]); open('a.tar', 'wb').write(b)
                """
        )
        let error = try await #require(throws: ArtifactError.self) {
            try await place.tool().list(place.file("a.tar"), format: .tar)
        }
        #expect(error.rule == .controlCharacter, "\(error)")
    }

    @Test("More entries or bytes than allowed are refused before they are written")
    func bounds() async throws {
        let place = try Workplace()
        try place.shell("mkdir d; touch d/{1..50}; truncate -s 20M d/zero; tar --zstd -cf a.tar.zst -C d .")
        let few = UnpackBounds(entries: 20)
        let small = UnpackBounds(bytes: .mebibytes(1))
        for (bounds, code) in [(few, ArtifactError.Code.tooManyEntries), (small, .tooManyBytes)] {
            let error = try await #require(throws: ArtifactError.self) {
                try await place.tool().list(place.file("a.tar.zst"), format: .tarZstd, bounds: bounds)
            }
            #expect(error.code == code)
        }
    }

    @Test("A bomb of long names meets the bound of the decompressed archive")
    func bombOfHeaders() async throws {
        let place = try Workplace()
        try place.python(
            """
            import gzip, tarfile
            h = tarfile.TarInfo('x'); h.type = b'x'; h.size = 1 << 20
            r = b'1048576 comment=' + b'a' * (1048576 - 17) + b'\\n'
            with gzip.open('a.tar.gz', 'wb', 1) as f:
                for _ in range(64): f.write(h.tobuf(tarfile.USTAR_FORMAT) + r)
            """
        )
        let error = try await #require(throws: ArtifactError.self) {
            let bounds = UnpackBounds(entries: 10, bytes: .mebibytes(1))
            return try await place.tool().list(place.file("a.tar.gz"), format: .tarGzip, bounds: bounds)
        }
        #expect(error.code == .tooManyBytes)
    }

    @Test("An archive cut anywhere before its end is refused", arguments: ArtifactFormat.allCases)
    func truncated(_ format: ArtifactFormat) async throws {
        let place = try Workplace()
        try GoodArchives.make(in: place)
        let name = "a.\(format.rawValue)"
        let size = try #require(
            try FileManager.default.attributesOfItem(atPath: "\(place.path)/\(name)")[.size] as? Int
        )
        let end = format == .tar ? size - 9216 - 1024 : size
        for length in [1, 100, 511, 512, 600, end / 3, end / 2, end - 600, end - 1] where length > 0 && length < end {
            try place.shell("head -c \(length) \(name) > cut")
            let error = try await #require(throws: ArtifactError.self, "cut at \(length) of \(size)") {
                try await place.tool().unpack(place.file("cut"), format: format, into: place.staging("s\(length)"))
            }
            #expect([.truncated, .malformed].contains(error.code), "cut at \(length) of \(size): \(error)")
        }
    }

    @Test("Anything behind an archive's end is refused", arguments: ArtifactFormat.allCases)
    func trailing(_ format: ArtifactFormat) async throws {
        let place = try Workplace()
        try GoodArchives.make(in: place)
        try place.shell("(cat a.\(format.rawValue); echo 'something else that is long enough to be seen') > b")
        let error = try await #require(throws: ArtifactError.self) {
            try await place.tool().list(place.file("b"), format: format)
        }
        #expect([.trailingData, .malformed, .truncated].contains(error.code), "\(error)")
    }

    @Test("An archive of another format than named is refused")
    func otherFormat() async throws {
        let place = try Workplace()
        try GoodArchives.make(in: place)
        for format in ArtifactFormat.allCases {
            for other in ArtifactFormat.allCases where other != format {
                await #expect(throws: ArtifactError.self, "\(other) named \(format)") {
                    try await place.tool().list(place.file("a.\(other.rawValue)"), format: format)
                }
            }
        }
        try place.shell("gzip -c a.tar.gz > twice.tar.gz")
        await #expect(throws: ArtifactError.self) {
            try await place.tool().list(place.file("twice.tar.gz"), format: .tarGzip)
        }
    }
}
