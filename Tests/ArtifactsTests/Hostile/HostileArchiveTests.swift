import Artifacts
import Model
import Testing

/// The corpus of `HostileArchive`, through the real `fleet-unpack`.
struct HostileArchiveTests {
    private static let bounds = UnpackBounds(entries: 1000, bytes: .mebibytes(1))
    /// In KiB: what the program needs for itself, and buffers.
    static let mostMemory = 64 << 10
    /// In seconds.
    static let mostTime = 5.0

    @Test(
        "Each is refused by its rule, in bounded memory and time, and nothing outside its directory is touched",
        arguments: ArtifactFormat.allCases
    )
    func refused(_ format: ArtifactFormat) throws {
        let scene = try HostileScene()
        let tars = HostileArchive.all.map { archive in
            TarBytes { tar in archive.tar(scene.outside, &tar) }.ended
        }
        let runs = try scene.unpack(tars, as: format, Self.bounds)
        try #require(runs.count == tars.count && tars.count > 100)
        for (archive, run) in zip(HostileArchive.all, runs) {
            guard let error = try run.parsed().error else {
                Issue.record("accepted: \(archive.name)")
                continue
            }
            #expect(run.end == 1, "\(archive.name)")
            #expect(error.advice.count > 10, "\(archive.name)")
            switch archive.refusal {
            case .rule(let rule, let entry):
                let shown = entry.replacing("/OUTSIDE", with: scene.outside)
                #expect(error.code == .entryRefused && error.rule == rule, "\(archive.name): \(error)")
                #expect(error.path == shown && "\(error)".contains("'\(shown)'"), "\(archive.name): \(error)")
            case .code(let code): #expect(error.code == code, "\(archive.name): \(error)")
            }
            #expect(run.peak < Self.mostMemory, "\(archive.name): \(run.peak) KiB")
            #expect(run.cpu < Self.mostTime, "\(archive.name): \(run.cpu) s")
        }
        #expect(try scene.damage() == "")
        print("HostileArchiveTests \(format): most memory \(runs.map(\.peak).max() ?? 0) KiB")
    }

    @Test("Every rule that an archive can break has a case")
    func complete() {
        let tested = Set(
            HostileArchive.all.compactMap { archive -> EntryRule? in
                if case .rule(let rule, _) = archive.refusal { rule } else { nil }
            }
        )
        // No archive has sockets; directories that are packed may.
        #expect(tested == Set(EntryRule.allCases).subtracting([.socket]))
    }

    @Test("What is wrong with an archive as such is said with the last entry that was right")
    func place() throws {
        let scene = try HostileScene()
        var tar = TarBytes()
        tar.file("bin/run")
        var header = TarBytes.Header("next")
        header.error = 1
        tar.add(header)
        for format in [ArtifactFormat.tar, .debian] {
            let run = try #require(try scene.unpack([tar.ended], as: format, Self.bounds).first)
            #expect(try run.error().advice.contains("'bin/run'"), "\(format)")
            try scene.place.shell("rm -r staging-0")
        }
    }

    @Test("A million entries end at the bound, and cost no more than those within it")
    func million() throws {
        let scene = try HostileScene()
        _ = try scene.place.staging("staging-tar")
        // Only the digits of names change, so the checksum is known from theirs.
        let producer = """
            head, tail = bytes(93) + b'0000644\\0' + b'0000000\\0' * 2 + b'00000000000\\0' * 2, b' 0' + bytes(100)
            tail += b'ustar\\00000' + bytes(247)
            fixed = sum(head) + sum(tail) + 8 * 32 - 32
            for number in range(1000000):
                name = b'%07d' % number
                out.write(name + head + b'%06o\\0' % (fixed + sum(name)) + tail)
            """
        let run = try MeasuredTool(place: scene.place).run(
            .init(
                arguments: ["unpack", "--confined", "--format", "tar", "--entries", "5000"],
                producer: producer,
                directory: "\(scene.place.path)/staging-tar"
            )
        )
        let error = try run.error()
        #expect(error.code == .tooManyEntries, "\(error)")
        #expect(error.path == "0005000")
        #expect(run.peak < Self.mostMemory, "\(run.peak) KiB")
        #expect(run.cpu < 30, "\(run.cpu) s")
    }
}
