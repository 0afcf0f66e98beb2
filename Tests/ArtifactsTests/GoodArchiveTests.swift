import Artifacts
import Foundation
import Glibc
import Model
import Testing

struct GoodArchiveTests {
    @Test("Every format gives the tree that was packed", arguments: ArtifactFormat.allCases)
    func formats(_ format: ArtifactFormat) async throws {
        let place = try Workplace()
        try GoodArchives.make(in: place)
        let staging = try place.staging()
        let result = try await place.tool().unpack(place.file("a.\(format.rawValue)"), format: format, into: staging)
        try staging.syncFilesystem()
        let tree = format == .debian ? "staging/opt/web" : "staging"
        try place.shell("diff -r --no-dereference d \(tree)")
        #expect(try place.shell("stat -c %a \(tree)/bin/run \(tree)/share/data") == "755\n644\n")
        #expect(try place.shell("stat -c %Y \(tree)/share/data") == "1700000000\n")
        #expect(try place.shell("readlink \(tree)/bin/data") == "../share/data\n")
        #expect(try result.manifest.verify(directory: "\(place.path)/staging") == [])
        #expect(result.debian?["Package"] == (format == .debian ? "web" : nil))
        let listed = try await place.tool().list(place.file("a.\(format.rawValue)"), format: format)
        #expect(listed.manifest == result.manifest)
    }

    @Test("Every dialect of tar gives the same tree", arguments: ["v7", "ustar", "pax", "gnu", "oldgnu", "python"])
    func dialects(_ dialect: String) async throws {
        let place = try Workplace()
        let longName = dialect == "v7" ? "short" : String(repeating: "directory/", count: 12) + "file"
        let longest = ["pax", "gnu", "python"].contains(dialect) ? String(repeating: "n", count: 200) : "n"
        try place.shell(GoodArchives.script)
        try place.shell("mkdir -p d/$(dirname \(longName)); echo 1 > d/\(longName); echo 2 > d/\(longest)")
        if dialect == "python" {
            try place.python("import tarfile; t = tarfile.open('a.tar', 'w'); t.add('d', '.'); t.close()")
        } else {
            try place.shell("tar --format=\(dialect) -cf a.tar -C d .")
        }
        _ = try await place.tool().unpack(place.file("a.tar"), format: .tar, into: place.staging())
        try place.shell("diff -r --no-dereference d staging")
    }

    @Test("Names that Unicode takes for equal stay two files with their own bytes")
    func exactNames() async throws {
        let place = try Workplace()
        try place.shell(GoodArchives.script + "\ntar --format=pax -cf a.tar -C d .")
        let result = try await place.tool().unpack(place.file("a.tar"), format: .tar, into: place.staging())
        let paths = try result.manifest.entries().map(\.path.bytes)
        #expect(paths.contains(Array("share/e\u{301}".utf8)))
        #expect(paths.contains(Array("share/\u{e9}".utf8)))
    }

    @Test("A Debian package shows what dpkg would have done")
    func debian() async throws {
        let place = try Workplace()
        try place.shell(
            """
            mkdir -p p/DEBIAN p/lib/systemd/system p/etc/web; echo x > p/lib/systemd/system/web.service; echo y > p/etc/web/conf
            printf 'Package: web\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: a\\nDescription: b\\n c\\n' > p/DEBIAN/control
            printf '#!/bin/sh\\n' > p/DEBIAN/postinst; chmod 755 p/DEBIAN/postinst; echo /etc/web/conf > p/DEBIAN/conffiles
            for kind in gzip xz zstd none; do dpkg-deb --root-owner-group -Z$kind -b p $kind.deb; done
            """
        )
        for kind in ["gzip", "xz", "zstd", "none"] {
            let debian = try await place.tool().list(place.file("\(kind).deb"), format: .debian).debian
            #expect(debian?["Version"] == "1.0")
            #expect(debian?["Description"] == "b\nc")
            #expect(debian?.scripts == ["postinst"])
            #expect(debian?.conffiles == ["/etc/web/conf"])
            #expect(debian?.systemFiles == ["lib/systemd/system/web.service"])
            let own = ServiceSpec(
                service: try ServiceName(parsing: "web"),
                unit: .file(try RelativePath(parsing: "lib/systemd/system/web.service"))
            )
            #expect(debian?.leftOut(by: own) == ["postinst"])
            let other = ServiceSpec(service: own.service, unit: .absent)
            #expect(debian?.leftOut(by: other) == ["postinst", "lib/systemd/system/web.service"])
            #expect(throws: ArtifactError.self) { try debian?.judge(own, scripts: .refuse) }
            try debian?.judge(own, scripts: .ignore)
        }
    }

    @Test("One file is printed without the rest, and only within its limit")
    func print() async throws {
        let place = try Workplace()
        try GoodArchives.make(in: place)
        let tool = try place.tool()
        let path = try RelativePath(parsing: "bin/run")
        let content = try await tool.print(path, of: place.file("a.tar.zst"), format: .tarZstd)
        #expect(content == Array("#!/bin/sh\n".utf8))
        let missing = try RelativePath(parsing: "bin/nothing")
        let error = try await #require(throws: ArtifactError.self) {
            try await tool.print(missing, of: place.file("a.tar"), format: .tar)
        }
        #expect(error.code == .entryMissing)
        let large = try await #require(throws: ArtifactError.self) {
            try await tool.print(path, of: place.file("a.tar"), format: .tar, limit: ByteCount(3))
        }
        #expect(large.code == .tooManyBytes)
    }

    @Test("The manifest notices every kind of change")
    func verify() async throws {
        let place = try Workplace()
        try GoodArchives.make(in: place)
        let result = try await place.tool().unpack(place.file("a.tar"), format: .tar, into: place.staging())
        try place.shell(
            """
            cd staging; mkdir .fleet; touch .fleet/own extra; rm share/same; chmod 777 bin/run
            printf 'X' | dd of=share/data conv=notrunc status=none; rm bin/data; ln -s run bin/data; rmdir share/empty; touch share/empty
            """
        )
        let found = try result.manifest.verify(directory: "\(place.path)/staging")
        #expect(
            found == [
                TreeDifference(path: "bin/data", kind: .changed),
                TreeDifference(path: "bin/run", kind: .modeChanged),
                TreeDifference(path: "extra", kind: .extra),
                TreeDifference(path: "share/data", kind: .changed),
                TreeDifference(path: "share/empty", kind: .typeChanged),
                TreeDifference(path: "share/same", kind: .missing),
            ]
        )
        #expect(try TreeManifest(parsing: result.manifest.bytes) == result.manifest)
        #expect(throws: ArtifactError.self) { try TreeManifest(parsing: Array(result.manifest.bytes.dropLast(3))) }
    }
}
