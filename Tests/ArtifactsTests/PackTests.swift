import Artifacts
import Foundation
import Glibc
import Model
import Testing

struct PackTests {
    private static let creation = O_WRONLY | O_CREAT | O_EXCL

    private func pack(_ directory: String, to name: String, in place: Workplace) async throws -> Artifact {
        let file = try place.file(name, flags: Self.creation)
        return try await place.tool().pack(place.file(directory, flags: O_RDONLY | O_DIRECTORY), to: file)
    }

    @Test("The same tree gives the same digest whatever its times, order, owners and umask")
    func deterministic() async throws {
        let place = try Workplace()
        let long = String(repeating: "directory/", count: 30)
        try place.shell(
            GoodArchives.script
                + "\nmkdir -p d/\(long); echo 1 > d/\(long)file; rm d/share/same; cp d/share/data d/share/same"
        )
        try place.shell(
            """
            mkdir other; umask 077; cp -r --no-dereference d/share other/; cp -r --no-dereference d/directory other/
            cp -r --no-dereference d/bin other/; chmod 711 other/bin/run; find other -exec touch -h -d @1 {} +
            """
        )
        let first = try await pack("d", to: "1.tar", in: place)
        let second = try await pack("other", to: "2.tar", in: place)
        #expect(first == second)
        #expect(try place.shell("sha256sum < 1.tar").hasPrefix(first.digest.hex))
        #expect(try place.shell("stat -c %s 1.tar") == "\(first.size.bytes)\n")
        try place.shell("mkdir x; tar -xf 1.tar -C x; diff -r --no-dereference d x")
        let result = try await place.tool().unpack(place.file("1.tar"), format: .tar, into: place.staging())
        #expect(try result.manifest.verify(directory: "\(place.path)/staging") == [])
        try place.shell("echo more >> other/share/data")
        #expect(try await pack("other", to: "3.tar", in: place).digest != first.digest)
    }

    @Test("The digest of a known tree is the one that its ustar bytes have")
    func golden() async throws {
        let place = try Workplace()
        try place.shell("mkdir d; printf 'hello\\n' > d/a; printf 'x' > d/b; chmod 755 d/b; ln -s a d/c; mkdir d/e")
        let artifact = try await pack("d", to: "a.tar", in: place)
        #expect(artifact.size.bytes == (4 + 2 + 2) * 512)
        let again = try place.python(
            """
            import tarfile, io, hashlib
            out = io.BytesIO()
            def add(name, type, mode, data=b'', link=''):
                i = tarfile.TarInfo(name); i.type = type; i.mode = mode; i.size = len(data); i.linkname = link
                i.mtime = 315532800
                out.write(i.tobuf(tarfile.USTAR_FORMAT)); out.write(data + bytes(-len(data) % 512))
            add('a', b'0', 0o644, b'hello\\n'); add('b', b'0', 0o755, b'x')
            add('c', b'2', 0o777, link='a'); add('e', b'5', 0o755)
            out.write(bytes(1024)); print(hashlib.sha256(out.getvalue()).hexdigest())
            """
        )
        #expect(artifact.digest.hex + "\n" == again)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let script: String
        let rule: EntryRule
        var testDescription: String { rule.rawValue }
    }

    @Test(
        "What unpacking would refuse is not packed, and is named",
        arguments: [
            Row(script: "ln -s /etc/passwd d/bad", rule: .linkOutside),
            Row(script: "ln -s ../x d/bad", rule: .linkOutside),
            Row(script: "mkfifo d/bad", rule: .fifo),
            Row(script: "touch d/bad; chmod u+s d/bad", rule: .specialMode),
            Row(script: "mkdir d/.fleet", rule: .reservedName),
            Row(script: "touch d/$'bad\\n'", rule: .controlCharacter),
            Row(script: "touch d/$'bad\\xff'", rule: .invalidText),
        ]
    )
    func refused(_ row: Row) async throws {
        let place = try Workplace()
        try place.shell("mkdir d; echo 1 > d/good; \(row.script)")
        let error = try await #require(throws: ArtifactError.self) { try await pack("d", to: "a.tar", in: place) }
        #expect(error.code == .entryRefused)
        #expect(error.rule == row.rule, "\(error)")
        #expect(error.path?.contains("bad") == true || error.path == ".fleet")
    }

    @Test("An empty directory is not packed")
    func empty() async throws {
        let place = try Workplace()
        try place.shell("mkdir d")
        let error = try await #require(throws: ArtifactError.self) { try await pack("d", to: "a.tar", in: place) }
        #expect(error.code == .noEntries)
    }
}
