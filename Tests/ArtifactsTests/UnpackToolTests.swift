import Artifacts
import Foundation
import Glibc
import Model
import Synchronization
import Testing
import Trust

struct UnpackToolTests {
    /// A script in the tool's place.
    private func impostor(_ script: String, in place: Workplace, timeLimit: Duration = .seconds(60)) throws
        -> UnpackTool
    {
        // Written by a child: a descriptor of ours, inherited by another test's child, would make the file busy.
        try place.shell("cat > tool <<'END'\n#!/bin/bash\n\(script)\nEND\nchmod 755 tool")
        return try UnpackTool(path: "\(place.path)/tool", timeLimit: timeLimit)
    }

    private func failure(_ tool: UnpackTool, _ place: Workplace) async throws -> ArtifactError {
        try place.shell("echo x > a.tar")
        return try await #require(throws: ArtifactError.self) {
            try await tool.list(place.file("a.tar"), format: .tar)
        }
    }

    @Test("The restraints that hold are in the result")
    func restraints() async throws {
        let place = try Workplace()
        try GoodArchives.make(in: place)
        let result = try await place.tool().unpack(place.file("a.tar"), format: .tar, into: place.staging())
        for name in ["limits", "no-new-privileges", "no-capabilities", "seccomp", "not-dumpable"] {
            #expect(result.sandbox.contains(name))
        }
    }

    @Test("A sandbox that does not hold opens no archive")
    func incomplete() async throws {
        let place = try Workplace()
        try GoodArchives.make(in: place)
        // Nobody raises a limit above its hard one without this capability, so the CPU limit can't be set.
        let tool = try impostor(
            """
            ulimit -t 10
            [ $UID != 0 ] || exec /usr/bin/setpriv --bounding-set=-sys_resource \(place.tool().path) "$@"
            exec \(place.tool().path) "$@"
            """,
            in: place
        )
        let staging = try place.staging()
        let error = try await #require(throws: ArtifactError.self) {
            try await tool.unpack(place.file("a.tar"), format: .tar, into: staging)
        }
        #expect(error.code == .unconfined)
        #expect(error.advice.contains("without: limits"))
        #expect(try place.shell("ls -A staging") == "")
    }

    @Test("Restraints that are missing from a report are named")
    func required() throws {
        try Restraint.require([.limits, .seccomp], among: ["seccomp", "limits", "chroot"])
        let error = #expect(throws: ArtifactError.self) {
            try Restraint.require([.limits, .seccomp, .noCapabilities], among: ["limits"])
        }
        #expect(error?.advice.contains("without: seccomp, no-capabilities") == true)
    }

    @Test("Memory stays bounded: a window larger than the bound is refused")
    func memory() async throws {
        let place = try Workplace()
        try place.shell("truncate -s 1G big; tar -c big | zstd -q --long=31 -o a.tar.zst")
        let error = try await #require(throws: ArtifactError.self) {
            try await place.tool().list(place.file("a.tar.zst"), format: .tarZstd)
        }
        #expect(error.code == .malformed)
    }

    @Test("A missing tool, a crash, a lie and silence are told apart")
    func failures() async throws {
        let place = try Workplace()
        #expect(throws: ArtifactError.self) { try UnpackTool(path: "\(place.path)/none") }
        let crashed = try await failure(impostor("echo oh no >&2; kill -SEGV $$", in: place), place)
        #expect(crashed.code == .toolCrashed)
        #expect(crashed.advice.contains("signal 11"))
        #expect(crashed.advice.contains("oh no"))
        let silent = try await failure(impostor("exit 0", in: place), place)
        #expect(silent.code == .toolCrashed)
        let garbled = try await failure(impostor("echo '{]' >&4", in: place), place)
        #expect(garbled.code == .toolCrashed)
        let report = #"{"bytes":0,"entries":0,"ok":true,"sandbox":[]}"#
        let liar = try await failure(impostor("echo '\(report)' >&4; exit 3", in: place), place)
        #expect(liar.code == .toolCrashed)
    }

    @Test("A tool that takes too long is ended, also when it ignores the request")
    func timeLimit() async throws {
        let place = try Workplace()
        let stubborn = "trap '' TERM; while :; do read -t 1 < /dev/zero; done"
        let tool = try impostor(stubborn, in: place, timeLimit: .milliseconds(200))
        #expect(try await failure(tool, place).code == .toolTimedOut)
    }

    @Test("A cancelled task ends its child")
    func cancellation() async throws {
        let place = try Workplace()
        try place.shell("echo x > a.tar; mkfifo started")
        let tool = try impostor("echo $$ > \(place.path)/started; exec /bin/sleep 1000", in: place)
        let file = try place.file("a.tar")
        let run = Task { try await tool.list(file, format: .tar) }
        let pid = try #require(
            Int32(try place.shell("timeout 60 cat started").trimmingCharacters(in: .whitespacesAndNewlines))
        )
        run.cancel()
        let result = await run.result
        let error = try #require(throws: ArtifactError.self) { try result.get() }
        #expect(error.code == .cancelled)
        #expect(kill(pid, 0) == -1)
    }

    @Test("A transport stream gives the exact bytes back, straight into the store", arguments: [1, 3, 19])
    func transport(_ level: Int) async throws {
        let place = try Workplace()
        let tool = try place.tool()
        try place.shell("(seq 1 300000; head -c 1M /dev/urandom) > a")
        let (digest, size) = try place.file("a").digest(name: "a")
        let encoded = try place.file("a.zst", flags: O_WRONLY | O_CREAT)
        let count = try await tool.encode(place.file("a"), to: encoded, level: level, threads: 2)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(place.path)/a.zst")))
        #expect(Int64(bytes.count) == count.bytes)
        let store = try ContentStore(directory: place.path)
        let ingest = try store.ingest(digest, size: size)
        let decoder = try tool.decoder(maximum: size) { (bytes) throws(ArtifactError) in try ingest.write(bytes) }
        for start in stride(from: 0, to: bytes.count, by: 65_536) {
            try await decoder.write(Array(bytes[start..<min(start + 65_536, bytes.count)]))
        }
        #expect(try await decoder.finish() == size)
        try ingest.commit()
        #expect(try store.holds(digest))
    }

    @Test("A transport stream that is too long, cut, damaged or followed by more is refused")
    func badTransport() async throws {
        let place = try Workplace()
        try place.shell(
            """
            truncate -s 10M zeros; zstd -q zeros -o good; head -c -20 good > cut; (cat good; echo more) > more
            (cat good good) > twice; head -c 1000 /dev/urandom > noise; zstd -q --long=31 zeros -o window; : > empty
            """
        )
        let rows: [(String, Int64, [ArtifactError.Code])] = [
            ("good", 10 << 20 - 1, [.tooManyBytes]), ("cut", 10 << 20, [.truncated, .malformed]),
            ("more", 10 << 20, [.trailingData]), ("twice", 20 << 20, [.trailingData]),
            ("noise", 10 << 20, [.malformed]), ("empty", 10 << 20, [.truncated]),
        ]
        for (name, maximum, codes) in rows {
            let output = try place.file("\(name).out", flags: O_WRONLY | O_CREAT)
            let error = try await #require(throws: ArtifactError.self, "\(name)") {
                try await place.tool().decode(place.file(name), to: output, maximum: ByteCount(maximum))
            }
            #expect(codes.contains(error.code), "\(name): \(error)")
        }
    }

    @Test("A sink that refuses ends the child and is what the writer hears")
    func refusingSink() async throws {
        let place = try Workplace()
        try place.shell("head -c 4M /dev/urandom > a; zstd -q a")
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(place.path)/a.zst")))
        let refusal = ArtifactError(.diskFull, "has no room")
        let decoder = try place.tool().decoder(maximum: .mebibytes(8)) { (_) throws(ArtifactError) in throw refusal }
        let error = try await #require(throws: ArtifactError.self) {
            for start in stride(from: 0, to: bytes.count, by: 65_536) {
                try await decoder.write(Array(bytes[start..<min(start + 65_536, bytes.count)]))
            }
            _ = try await decoder.finish()
        }
        #expect(error == refusal)
    }
}
