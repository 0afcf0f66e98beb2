import Archive
import Artifacts
import Glibc
import Model

extension FuzzTarget {
    /// Tar in all its dialects, with checksums as they are and mended, so that damage behind them is reached.
    static let tar = Self(
        "tar",
        ["archive/corpus", "archive/hostile"],
        words: [
            "ustar\u{0}00", "ustar  \u{0}", "30 mtime=1.٠٠٠٠٠٠٠٠٠\n", "28 size=9223372036854775807\n", "12 size=-1\n",
            "5 path=", "19 path=../../x/y\n", "22 GNU.sparse.major=1\n", "10 path=\n", "26 hdrcharset=BINARY\n",
            "00000000000",
            "././@LongLink",
        ]
    ) { bytes in
        readArtifact(bytes, [.tar]) + readArtifact(withChecksums(bytes), [.tar])
    }

    /// The compressed formats and packages, by libarchive, and the encoding of transports, by libzstd.
    static let archive = Self(
        "archive",
        ["archive/compressed"],
        words: [
            "!<arch>\n", "`\n", "debian-binary   ", "control.tar.gz  ", "data.tar.xz     ", "\u{1F}", "7zXZ\u{0}", "YZ",
        ]
    ) { bytes in
        readArtifact(bytes, [.tarGzip, .tarZstd, .tarXZ, .debian]) + decodeTransport(bytes)
    }

    private static let bounds = UnpackBounds(entries: 500, bytes: .mebibytes(1))

    private static func readArtifact(_ bytes: [UInt8], _ formats: [ArtifactFormat]) -> Int {
        withFile(bytes) { descriptor in
            count(
                formats.map { format in
                    {
                        lseek(descriptor, 0, SEEK_SET)
                        let manifest = try ArtifactReader(descriptor, format, bounds).check().manifest
                        // What came through the rules must also come through the agent's own reading of it.
                        _ = try TreeManifest(parsing: manifest.bytes)
                    }
                },
                isTold: isTold
            )
        }
    }

    private static func decodeTransport(_ bytes: [UInt8]) -> Int {
        withFile(bytes) { descriptor in
            count(
                [
                    {
                        let output = try OpenFile(path: "/dev/null", flags: O_WRONLY)
                        _ = try ZstdDecoder.decode(descriptor, to: output, maximum: .mebibytes(1))
                    }
                ],
                isTold: isTold
            )
        }
    }

    private static func isTold(_ error: any Error) -> Bool { (error as? ArtifactError)?.advice.isEmpty == false }

    private static func withFile(_ bytes: [UInt8], _ body: (Int32) -> Int) -> Int {
        guard let file = tmpfile() else { preconditionFailure("no temporary file: errno \(errno)") }
        defer { fclose(file) }
        let written = pwrite(fileno(file), bytes, bytes.count, 0)
        precondition(written == bytes.count, "no room for a temporary file")
        lseek(fileno(file), 0, SEEK_SET)
        return body(fileno(file))
    }

    /// The same with a right checksum in every block that could be a header.
    private static func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for start in stride(from: 0, to: bytes.count - 511, by: 512) {
            let field = (start + 148)..<(start + 156)
            let block = bytes[start..<(start + 512)]
            guard block.contains(where: { $0 != 0 }) else { continue }
            let sum = block.reduce(0) { $0 + Int($1) } - bytes[field].reduce(0) { $0 + Int($1) } + 8 * 32
            let digits = String(sum, radix: 8)
            bytes.replaceSubrange(
                field,
                with: Array("\(String(repeating: "0", count: 6 - digits.count))\(digits)\0 ".utf8)
            )
        }
        return bytes
    }
}
