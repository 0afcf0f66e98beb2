import Artifacts
import Foundation
import Model
import Testing

/// Streams and containers that are wrong around an archive that is right; each case is a script over good archives.
struct HostileStreamTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let format: ArtifactFormat
        let name: String
        /// Python that sets `bad`; `a` has the archives of `GoodArchives` by format, `other` another tar.
        let python: String
        let codes: [ArtifactError.Code]
        var testDescription: String { "\(format.rawValue): \(name)" }

        init(_ format: ArtifactFormat, _ name: String, _ python: String, _ codes: ArtifactError.Code...) {
            self.format = format
            self.name = name
            self.python = python
            self.codes = codes
        }
    }

    private static let prelude = """
        import gzip, lzma, struct, subprocess, zlib
        a = {f: open('a.' + f, 'rb').read() for f in ('tar', 'tar.gz', 'tar.zst', 'tar.xz', 'deb')}
        other, noise = open('other.tar', 'rb').read(), b'something else that is long enough to be seen'
        def zst(data, *options): return subprocess.run(['zstd', '-qc', *options], input=data, capture_output=True).stdout
        def entries(tar): return tar.rstrip(b'\\0') + bytes(-len(tar.rstrip(b'\\0')) % 512)
        def member(name, data, size=None):
            head = b'%-16s%-12d%-6d%-6d%-8s%-10d`\\n' % (name, 0, 0, 0, b'100644', len(data) if size is None else size)
            return head + data + b'\\n' * (len(data) % 2)
        def control(text): return gzip.compress(entries(subprocess.run(
            "mkdir -p c; cat > c/control; tar -cC c ./control", shell=True, input=text, capture_output=True).stdout) + bytes(1024))
        good = control(b'Package: web\\nVersion: 1\\n')
        def deb(*members): return b'!<arch>\\n' + b''.join(member(*m) for m in members)

        """

    private func scene(_ python: String) throws -> HostileScene {
        try HostileScene(
            """
            mkdir work; cd work
            \(GoodArchives.everything)mkdir o; echo evil > o/evil; tar -cf other.tar -C o .
            python3 - <<'END'
            \(Self.prelude)\(python)
            open('../bad', 'wb').write(bad)
            END
            cd ..; rm -r work
            """
        )
    }

    private func expectRefusal(_ row: Row) throws {
        let scene = try scene(row.python)
        let run = try scene.unpack("bad", row.format, UnpackBounds())
        let error = try run.error()
        #expect(row.codes.contains(error.code), "\(error)")
        #expect(run.end == 1)
        #expect(run.peak < HostileArchiveTests.mostMemory, "\(run.peak) KiB")
        #expect(run.cpu < HostileArchiveTests.mostTime, "\(run.cpu) s")
        #expect(try scene.damage() == "")
    }

    @Test(
        "Anything behind an archive is refused",
        arguments: [
            Row(.tar, "noise", "bad = a['tar'] + noise", .trailingData),
            Row(.tar, "another archive", "bad = a['tar'] + other", .trailingData),
            Row(
                .tar,
                "another archive behind one block of zeros",
                "bad = entries(a['tar']) + bytes(512) + other",
                .trailingData
            ),
            Row(.tarGzip, "noise", "bad = a['tar.gz'] + noise", .trailingData),
            Row(.tarGzip, "another archive's member", "bad = a['tar.gz'] + gzip.compress(other)", .trailingData),
            Row(
                .tarGzip,
                "another archive, compressed together",
                "bad = gzip.compress(a['tar'] + other)",
                .trailingData
            ),
            Row(.tarZstd, "noise", "bad = a['tar.zst'] + noise", .trailingData, .malformed),
            Row(.tarZstd, "another archive's frame", "bad = a['tar.zst'] + zst(other)", .trailingData),
            Row(.tarXZ, "noise", "bad = a['tar.xz'] + noise", .trailingData, .malformed, .truncated),
            Row(.tarXZ, "another archive's stream", "bad = a['tar.xz'] + lzma.compress(other)", .trailingData),
            Row(.debian, "noise", "bad = a['deb'] + noise", .trailingData, .malformed),
            Row(.debian, "another package", "bad = a['deb'] + a['deb']", .trailingData, .malformed),
            Row(.debian, "another member", "bad = a['deb'] + member(b'data.tar', other)", .trailingData),
        ]
    )
    func trailing(_ row: Row) throws { try expectRefusal(row) }

    @Test(
        "A package whose members are not those of deb(5) is refused",
        arguments: [
            Row(.debian, "data first", "bad = deb((b'debian-binary', b'2.0\\n'), (b'data.tar', other))", .malformed),
            Row(.debian, "no version", "bad = deb((b'control.tar.gz', good), (b'data.tar', other))", .malformed),
            Row(
                .debian,
                "another version",
                "bad = deb((b'debian-binary', b'3.0\\n'), (b'control.tar.gz', good), (b'data.tar', other))",
                .malformed
            ),
            Row(.debian, "no data", "bad = deb((b'debian-binary', b'2.0\\n'), (b'control.tar.gz', good))", .malformed),
            Row(
                .debian,
                "an unknown compression",
                "bad = deb((b'debian-binary', b'2.0\\n'), (b'control.tar.gz', good), (b'data.tar.bz2', other))",
                .malformed
            ),
            Row(
                .debian,
                "another compression than it says",
                "bad = deb((b'debian-binary', b'2.0\\n'), (b'control.tar.gz', good), (b'data.tar.xz', gzip.compress(other)))",
                .malformed
            ),
            Row(
                .debian,
                "a member that claims more than there is",
                "bad = deb((b'debian-binary', b'2.0\\n'), (b'control.tar.gz', good), (b'data.tar', other, 9999999999))",
                .truncated,
                .malformed
            ),
            Row(
                .debian,
                "no control file",
                "bad = deb((b'debian-binary', b'2.0\\n'), (b'control.tar.gz', gzip.compress(other)), (b'data.tar', other))",
                .malformed
            ),
            Row(
                .debian,
                "a bomb as control file",
                "bad = deb((b'debian-binary', b'2.0\\n'), (b'control.tar.gz', control(b'x' * (64 << 20))), (b'data.tar', other))",
                .tooManyBytes
            ),
        ]
    )
    func members(_ row: Row) throws { try expectRefusal(row) }

    /// One file of 200 MiB, made without holding it; a few hundred KiB when compressed.
    private static let bomb = """
        import io, tarfile
        i = tarfile.TarInfo('zeros'); i.size = 200 << 20
        def pieces():
            yield i.tobuf(tarfile.USTAR_FORMAT)
            for _ in range(200): yield bytes(1 << 20)
            yield bytes(1024)
        def packed(compressor): return b''.join(compressor.compress(p) for p in pieces()) + compressor.flush()

        """

    @Test(
        "What unfolds beyond belief is refused before it is written, by a host whose limits it is within",
        arguments: [
            Row(.tarGzip, "zeros", bomb + "bad = packed(zlib.compressobj(9, zlib.DEFLATED, 31))", .tooManyBytes),
            Row(.tarXZ, "zeros", bomb + "bad = packed(lzma.LZMACompressor(preset=0))", .tooManyBytes),
            Row(.tarZstd, "zeros", bomb + "bad = zst(b''.join(pieces()), '-3')", .tooManyBytes),
            Row(
                .debian,
                "zeros",
                bomb
                    + """
                    data = packed(lzma.LZMACompressor(preset=0))
                    bad = deb((b'debian-binary', b'2.0\\n'), (b'control.tar.gz', good), (b'data.tar.xz', data))
                    """,
                .tooManyBytes
            ),
        ]
    )
    func density(_ row: Row) throws {
        let scene = try scene(row.python)
        let run = try scene.unpack("bad", row.format, UnpackBounds())
        let error = try run.error()
        #expect(row.codes.contains(error.code) && error.advice.contains("500 times"), "\(error)")
        #expect(run.peak < HostileArchiveTests.mostMemory, "\(run.peak) KiB")
        #expect(run.cpu < HostileArchiveTests.mostTime, "\(run.cpu) s")
        let written = try #require(
            Int(try scene.place.shell("du -s --apparent-size -k staging-* | cut -f1").dropLast())
        )
        #expect(written < 150 << 10, "\(written) KiB")
        #expect(try scene.damage() == "")
    }

    @Test(
        "A stream that asks its reader for gigabytes is refused",
        arguments: [
            Row(
                .tarZstd,
                "a window of 2 GiB",
                """
                # RFC 8878, section 3.1.1: no single segment, a window of 2^31, raw blocks.
                blocks = [other[i:i + 65536] for i in range(0, len(other), 65536)]
                bad = b'\\x28\\xb5\\x2f\\xfd\\x00\\xa8' + b''.join(
                    struct.pack('<I', (i == len(blocks) - 1) | len(b) << 3)[:3] + b for i, b in enumerate(blocks))
                """,
                .malformed
            ),
            Row(
                .tarXZ,
                "a dictionary of 4 GiB",
                """
                bad = bytearray(a['tar.xz'])
                length = (bad[12] + 1) * 4
                assert bad[14:16] == b'\\x21\\x01'
                bad[16] = 40
                bad[12 + length - 4:12 + length] = struct.pack('<I', zlib.crc32(bad[12:12 + length - 4]))
                """,
                .malformed
            ),
        ]
    )
    func windows(_ row: Row) throws { try expectRefusal(row) }

    @Test("Extended headers without end meet the bound of the decompressed archive")
    func headers() throws {
        let scene = try scene(
            """
            import tarfile
            h = tarfile.TarInfo('x'); h.type = b'g'; h.size = 1 << 20
            record = b'1048576 comment=' + bytes(range(1, 9)) * 131070 + b'a' * (1048576 - 17 - 8 * 131070) + b'\\n'
            bad = gzip.compress((h.tobuf(tarfile.USTAR_FORMAT) + record) * 64, 1)
            """
        )
        let run = try scene.unpack("bad", .tarGzip, UnpackBounds(entries: 10, bytes: .mebibytes(1)))
        #expect(try run.error().code == .tooManyBytes)
        #expect(run.peak < HostileArchiveTests.mostMemory, "\(run.peak) KiB")
    }

    @Test("One archive in several members, frames or streams, as parallel compressors write it, is one archive")
    func split() throws {
        let parts = "p = [a['tar'][:50000], a['tar'][50000:]]\n"
        for (format, join) in [
            (ArtifactFormat.tarGzip, "bad = b''.join(map(gzip.compress, p))"),
            (.tarZstd, "bad = b''.join(map(zst, p))"),
            // What decoders skip, as parallel and seekable writers put it before, between and behind frames.
            (.tarZstd, "s = struct.pack('<II4s', 0x184D2A50, 4, b'skip'); bad = s + zst(p[0]) + s + zst(p[1]) + s"),
            (.tarXZ, "bad = b''.join(map(lzma.compress, p))"),
        ] {
            let scene = try scene(parts + join)
            let run = try scene.unpack("bad", format, UnpackBounds())
            #expect(try run.parsed().error == nil, "\(format)")
            #expect(
                try scene.place.shell("cat staging-*/share/data | sha256sum")
                    == scene.place.shell("seq 1 20000 | sha256sum")
            )
        }
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
