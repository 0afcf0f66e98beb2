import Artifacts
import Foundation
import Model
import Testing

/// Archives that end too early: nothing of them may pass for the whole.
struct TruncatedArchiveTests {
    /// Where to cut: around every block of 512 bytes, where tar and its readers are most likely to stop content.
    private func cuts(_ size: Int) -> [Int] {
        stride(from: 0, to: size, by: 512).flatMap { [$0 - 1, $0, $0 + 1] }.filter { (0..<size).contains($0) } + [
            size - 1
        ]
    }

    @Test("An archive cut at any block is refused, in every format", arguments: ArtifactFormat.allCases)
    func blocks(_ format: ArtifactFormat) throws {
        let place = try Workplace()
        // Little, but random, so that compressed archives have several blocks too.
        try place.shell("mkdir -p d/bin; head -c 3000 /dev/urandom > d/bin/run; ln -s run d/bin/link; echo 1 > d/end")
        try place.shell("tar -cf a.tar -C d .")
        if format == .debian {
            try place.shell(
                """
                mkdir d/DEBIAN; printf 'Package: w\\nVersion: 1\\nArchitecture: all\\nMaintainer: a\\nDescription: b\\n' > d/DEBIAN/control
                dpkg-deb --root-owner-group -b d a.deb
                """
            )
        }
        try place.shell("gzip -kn a.tar; zstd -qk a.tar; xz -k a.tar")
        let name = "a.\(format.rawValue)"
        let size = try place.shell(
            format == .tar
                ? "python3 -c 'b = open(\"a.tar\", \"rb\").read(); n = len(b.rstrip(bytes(1))); print(n + -n % 512 + 1024)'"
                : "stat -c %s \(name)"
        )
        let end = try #require(Int(size.dropLast()))
        let cuts = cuts(end)
        try place.python("b = open('\(name)', 'rb').read()\nfor n in \(cuts): open(f'cut-{n}', 'wb').write(b[:n])")
        let arguments = ["list", "--confined", "--format", format.rawValue]
        let runs = try MeasuredTool(place: place).run(cuts.map { .init(arguments: arguments, input: "cut-\($0)") })
        for (cut, run) in zip(cuts, runs) {
            let error = try run.error()
            #expect([.truncated, .malformed].contains(error.code), "cut at \(cut) of \(end): \(error)")
            #expect(run.peak < HostileArchiveTests.mostMemory, "\(run.peak) KiB")
        }
        let whole = try MeasuredTool(place: place).run(.init(arguments: arguments, input: name))
        #expect(try whole.parsed().error == nil)
    }
}
