import Artifacts
import Model
import Testing

@testable import Archive

struct DebianControlReaderTests {
    private func systemFiles(_ paths: String...) throws -> [String] {
        let target = try LinkTarget(Array("x".utf8), at: try TreePath(Array("y".utf8)))
        return DebianControlReader.systemFiles(
            try paths.map { TreeEntry(path: try TreePath(Array($0.utf8)), kind: .link(target)) }
        )
    }

    @Test("Places where the system takes files from are known, and only those")
    func places() throws {
        let known = [
            "etc/cron.d/web", "etc/rc.local", "etc/rc3.d/S01web", "etc/sysusers.d/web.conf", "lib/sysctl.d/web.conf",
            "lib/systemd/system/web.service", "usr/local/lib/systemd/system/web.service",
        ]
        for path in known { #expect(try systemFiles(path) == [path]) }
        for path in ["etc/rclone/rclone.conf", "etc/cronicle/conf", "etc/rc.conf.d.txt", "opt/etc/cron.d/web"] {
            #expect(try systemFiles(path) == [])
        }
    }

    @Test("What could steer a terminal is not taken over from a package's own words")
    func controlCharacters() throws {
        var bytes = try Corpus.bytes("control.tar")
        let place = try #require(bytes.firstRange(of: "Maintainer: a".utf8)).upperBound - 1
        bytes[place] = 0x1B
        let control = try DebianControlReader.read(TarReader(Pieces(bytes, step: 4096)))
        #expect(control["Maintainer"] == "\u{FFFD}")
        #expect(control["Description"] == "b\nc")
    }
}
