import Artifacts
import Foundation
import Model
import Testing

/// Archives as the tools of the world write them: all are taken, and give the tree that was packed.
struct OrdinaryArchiveTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        /// Makes `a.tar` of the tree `d`.
        let script: String
        var testDescription: String { name }
    }

    @Test(
        "What a tool packs comes out as it was",
        arguments: [
            Row(name: "GNU tar", script: "tar -cf a.tar -C d ."),
            Row(name: "GNU tar, names without a dot", script: "cd d; tar -cf ../a.tar *"),
            Row(
                name: "GNU tar, reproducible",
                script: "tar --sort=name --format=pax --owner=0 --group=0 -cf a.tar -C d ."
            ),
            Row(
                name: "GNU tar, with attributes",
                script: "tar --xattrs --acls --selinux --format=pax -cf a.tar -C d ."
            ),
            Row(name: "GNU tar, one block at a time", script: "tar -b1 -cf a.tar -C d ."),
            Row(name: "bsdtar", script: "bsdtar -cf a.tar -C d ."),
            Row(name: "bsdtar, ustar", script: "bsdtar --format=ustar -cf a.tar -C d ."),
            Row(name: "bsdtar, pax with all it knows", script: "bsdtar --format=pax --xattrs --acls -cf a.tar -C d ."),
            Row(name: "bsdtar, GNU", script: "bsdtar --format=gnutar -cf a.tar -C d ."),
            Row(
                name: "Python, pax",
                script: "python3 -c \"import tarfile; t = tarfile.open('a.tar', 'w'); t.add('d', '.'); t.close()\""
            ),
            Row(
                name: "Python, GNU",
                script: "python3 -c \"import tarfile; t = tarfile.open('a.tar', 'w', format=tarfile.GNU_FORMAT); "
                    + "t.add('d', '.'); t.close()\""
            ),
            Row(
                name: "git",
                script: """
                    cd d; find . -type d -empty -delete; git init -q .; git add .
                    git -c user.name=a -c user.email=a commit -qm a; git archive --format=tar -o ../a.tar HEAD; rm -rf .git
                    """
            ),
        ]
    )
    func tools(_ row: Row) async throws {
        let place = try Workplace()
        try place.shell(GoodArchives.script)
        // Cut to the 100 bytes of a header, this file's name ends with a slash, as a directory's does in old archives.
        let deep = String(repeating: "directory/", count: 10)
        try place.shell("rm d/share/same; cp -p d/share/data d/share/same; mkdir -p d/\(deep); echo 1 > d/\(deep)file")
        try place.shell(row.script)
        let result = try await place.tool().unpack(place.file("a.tar"), format: .tar, into: place.staging())
        try place.shell("diff -r --no-dereference d staging")
        #expect(try result.manifest.verify(directory: "\(place.path)/staging") == [])
    }

    /// Writes as Go's archive/tar does (writer.go): ustar where it suffices, else one pax header, whose name has a directory.
    private static let goWriter = """
        import posixpath
        def block(name, kind, mode, size=0, link=b'', mtime=1700000000, owner=b''):
            octal = lambda n, w: b'%0*o\\0' % (w - 1, n)
            b = bytearray(name[:100].ljust(100, b'\\0') + octal(mode, 8) + octal(0, 8) * 2 + octal(size, 12) + octal(mtime, 12))
            b += b' ' * 8 + kind + link[:100].ljust(100, b'\\0') + b'ustar\\00000' + owner.ljust(32, b'\\0') * 2 + octal(0, 8) * 2
            b = b.ljust(512, b'\\0'); b[148:156] = b'%06o\\0 ' % sum(b)
            return bytes(b)
        def record(key, value):
            rest = b' ' + key + b'=' + value + b'\\n'; n = len(rest)
            while len(str(n)) + len(rest) != n: n = len(str(n)) + len(rest)
            return b'%d' % n + rest
        def entry(name, kind=b'0', mode=0o644, data=b'', link=b'', **pax):
            out = b''
            if len(name) > 100: pax['path'] = name
            if pax:
                records = b''.join(record(k.encode(), pax[k]) for k in sorted(pax))
                head, tail = posixpath.split(name.rstrip(b'/'))
                out = block(posixpath.join(head, b'PaxHeaders.0', tail), b'x', 0, len(records), mtime=0)
                out += records + bytes(-len(records) % 512)
            return out + block(name, kind, mode, len(data), link, owner=b'root') + data + bytes(-len(data) % 512)

        """

    @Test("What Go writes is taken, as goreleaser, ko and Bazel use it")
    func go() async throws {
        let place = try Workplace()
        let long = String(repeating: "directory/", count: 20) + "file"
        try place.python(
            Self.goWriter + """
                with open('a.tar', 'wb') as f:
                    f.write(entry(b'bin/', b'5', 0o755) + entry(b'bin/run', mode=0o755, data=b'#!/bin/sh\\n'))
                    f.write(entry(b'bin/also', b'2', 0o777, link=b'run') + entry(b'\(long)', data=b'1'))
                    f.write(entry(b'time', data=b'2', mtime=b'1700000000.123456789', atime=b'1700000001.5'))
                    f.write(bytes(1024))
                """
        )
        let result = try await place.tool().unpack(place.file("a.tar"), format: .tar, into: place.staging())
        #expect(try result.manifest.verify(directory: "\(place.path)/staging") == [])
        try place.shell("mkdir -p d/bin d/$(dirname \(long)); printf '#!/bin/sh\\n' > d/bin/run; ln -s run d/bin/also")
        try place.shell("printf 1 > d/\(long); printf 2 > d/time; diff -r --no-dereference d staging")
        #expect(try place.shell("stat -c '%a %.9Y' staging/time") == "644 1700000000.123456789\n")
    }

    @Test("A layer of an image is taken: directories named, owners by name, attributes dropped")
    func layer() async throws {
        let place = try Workplace()
        try place.python(
            Self.goWriter + """
                with open('a.tar', 'wb') as f:
                    for d in (b'usr/', b'usr/local/', b'usr/local/bin/'): f.write(entry(d, b'5', 0o755, mtime=b'1700000000.25'))
                    f.write(entry(b'usr/local/bin/web', mode=0o755, data=b'x', **{
                        'SCHILY.xattr.user.note': b'\\1\\0\\2', 'LIBARCHIVE.creationtime': b'1700000000', 'mtime': b'1700000000.25',
                        'RHT.security.selinux': b'system_u:object_r:bin_t:s0', 'SCHILY.acl.access': b'user::rwx,user:0:rwx'}))
                    f.write(entry(b'usr/local/bin/other', b'1', 0o755, link=b'usr/local/bin/web'))
                    f.write(entry(b'usr/local/.wh.old') + bytes(1024))
                """
        )
        let result = try await place.tool().unpack(place.file("a.tar"), format: .tar, into: place.staging())
        #expect(try result.manifest.verify(directory: "\(place.path)/staging") == [])
        #expect(try place.shell("stat -c '%a %h' staging/usr/local/bin/*") == "755 2\n755 2\n")
        #expect(try place.python("import os; print(os.listxattr('staging/usr/local/bin/web'))") == "[]\n")
    }

    @Test("Names that differ in case, in width or in how Unicode writes them are different files")
    func lookAlikes() async throws {
        let place = try Workplace()
        let names = [
            "README", "readme", "é", "e\u{301}", "ﬁ", "fi", "Straße", "STRASSE", "a\u{200D}b", "ab", "\u{FF41}",
        ]
        let list = names.map { "'\($0)'" }.joined(separator: " ")
        try place.shell(
            "mkdir d; cd d; for name in \(list); do printf '%s' \"$name\" > \"$name\"; done; tar -cf ../a.tar *"
        )
        let result = try await place.tool().unpack(place.file("a.tar"), format: .tar, into: place.staging())
        #expect(result.entries == names.count)
        try place.shell("diff -r d staging")
    }
}
