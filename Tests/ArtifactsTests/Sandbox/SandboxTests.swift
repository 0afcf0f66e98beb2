import Artifacts
import Foundation
import Glibc
import Model
import Testing

/// What `fleet-unpack` can't do once it reads bytes of others, each restraint by itself.
///
/// Where one is refused by the filter the errno is EPERM, whatever the arguments; so a line tells who refused.
struct SandboxTests {
    /// The outcomes by name of the attempt, for one restraint or for all.
    private func outcomes(only restraint: Restraint? = nil) async throws -> [String: String] {
        let place = try Workplace()
        let lines = try await place.tool().selfTest(in: place.staging(), only: restraint)
        let pairs = lines.map { $0.components(separatedBy: ": ") }
        return Dictionary(uniqueKeysWithValues: try pairs.map { (try #require($0.first), try #require($0.last)) })
    }

    private func expect(
        _ names: [String],
        _ outcome: String,
        in outcomes: [String: String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for name in names {
            #expect(outcomes[name] == outcome, "\(name): \(outcomes[name] ?? "")", sourceLocation: sourceLocation)
        }
    }

    private static var isRoot: Bool { getuid() == 0 }

    @Test("Together they leave one thing that works: a file in the directory")
    func all() async throws {
        let outcomes = try await outcomes()
        #expect(outcomes.count == 31)
        for (name, outcome) in outcomes where name != "write inside" {
            #expect(outcome.hasPrefix("refused"), "\(name): \(outcome)")
        }
        #expect(outcomes["write inside"] == "allowed")
    }

    @Test("The filter refuses sockets of every family, programs, processes and everything of the kernel's")
    func seccomp() async throws {
        let outcomes = try await outcomes(only: .seccomp)
        expect(["sockets of every family", "socket pair", "io_uring"], "refused (1)", in: outcomes)
        expect(
            [
                "exec", "fork", "thread", "signal another process", "trace another process", "read another's memory",
                "executable memory", "file in memory",
            ],
            "refused (1)",
            in: outcomes
        )
        expect(
            [
                "mount", "namespaces", "BPF", "keys", "performance events", "files by handle", "user faults",
                "kernel modules", "device", "change owner", "capabilities",
            ],
            "refused (1)",
            in: outcomes
        )
        // By the file system's own restraints, which were left out here.
        expect(["read outside", "read above", "write inside"], "allowed", in: outcomes)
    }

    @Test("Landlock leaves the directory alone reachable")
    func landlock() async throws {
        guard Restraint.required.contains(.landlock) else {
            return print("skipped: this kernel has no Landlock, or a filter around this process hides it")
        }
        let outcomes = try await outcomes(only: .landlock)
        expect(["read outside", "read above", "write outside"], "refused (13)", in: outcomes)
        expect(["write inside", "executable memory"], "allowed", in: outcomes)
    }

    @Test("The directory becomes the root of all paths, where our rights allow it")
    func chroot() async throws {
        guard Self.isRoot else { return print("skipped: only root may change the root directory") }
        let outcomes = try await outcomes(only: .chroot)
        expect(["read outside", "read above", "write outside"], "refused (2)", in: outcomes)
        expect(["write inside", "executable memory"], "allowed", in: outcomes)
    }

    @Test("Root without capabilities makes no device, gives no file away and gets none back")
    func capabilities() async throws {
        let outcomes = try await outcomes(only: .noCapabilities)
        expect(["device", "change owner", "capabilities"], "refused (1)", in: outcomes)
        expect(["write inside", "executable memory"], "allowed", in: outcomes)
    }

    @Test("Memory, file sizes and open files end at their limits")
    func limits() async throws {
        let outcomes = try await outcomes(only: .limits)
        expect(["memory beyond the limit"], "refused (\(ENOMEM))", in: outcomes)
        expect(["file beyond the limit"], "refused (\(EFBIG))", in: outcomes)
        expect(["open files beyond the limit"], "refused (\(EMFILE))", in: outcomes)
        expect(["write inside", "executable memory"], "allowed", in: outcomes)
    }

    @Test("No program that it might start could gain privileges, and its memory is nobody's to read")
    func privileges() async throws {
        let gained = try await outcomes(only: .noNewPrivileges)
        expect(["new privileges"], "refused (1)", in: gained)
        expect(["core dumps", "executable memory"], "allowed", in: gained)
        let dumped = try await outcomes(only: .notDumpable)
        expect(["core dumps"], "refused (1)", in: dumped)
        expect(["new privileges"], "allowed", in: dumped)
    }

    @Test("CPU time ends at its limit, although nobody watches")
    func cpuTime() throws {
        let place = try Workplace()
        let arguments = [
            "list", "--confined", "--format", "tar", "--maximum", "4611686018427387904", "--cpu-seconds", "1",
        ]
        // Zeros behind an archive's end are padding, here without end.
        let run = try MeasuredTool(place: place).run(.init(arguments: arguments, input: "/dev/zero"))
        #expect(run.end == -Int(SIGXCPU))
        #expect(run.report.isEmpty)
        #expect(run.cpu < 3, "\(run.cpu) s")
    }

    @Test("A run that used up its CPU time is told from a crash")
    func cpuTimeReport() async throws {
        let place = try Workplace()
        let script = "#!/bin/bash\nkill -XCPU $$\n"
        try place.shell("printf '%s' '\(script)' > tool; chmod 755 tool; echo x > a.tar")
        let failing = try UnpackTool(path: "\(place.path)/tool")
        let error = try await #require(throws: ArtifactError.self) {
            try await failing.list(place.file("a.tar"), format: .tar)
        }
        #expect(error.code == .toolTimedOut)
        #expect(error.advice.contains("CPU time"))
    }

    @Test("The kernel itself says so of a run that waits for more of its archive")
    func asTheKernelSees() throws {
        let place = try Workplace()
        _ = try place.staging()
        // More than a pipe holds, so that what was written in whole proves that the child reads, and so is confined.
        let producer = "out.write(bytes(2 << 20)); out.flush(); look()"
        let bounds = ["--maximum", "1000000", "--cpu-seconds", "77"]
        let job = MeasuredTool.Job(
            arguments: ["unpack", "--confined", "--format", "tar"] + bounds,
            producer: producer,
            directory: "\(place.path)/staging"
        )
        let run = try MeasuredTool(place: place).run(job)
        func line(_ name: String, of text: String) throws -> [Substring] {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name) }, "\(name)")
            return line.dropFirst(name.count).split(whereSeparator: \.isWhitespace)
        }
        for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] + (Self.isRoot ? ["CapBnd:"] : []) {
            #expect(try line(set, of: run.status) == ["0000000000000000"], "\(set)")
        }
        #expect(try line("NoNewPrivs:", of: run.status) == ["1"])
        #expect(try line("Seccomp:", of: run.status) == ["2"])
        #expect(try line("Threads:", of: run.status) == ["1"])
        #expect(try line("Max cpu time", of: run.limits).prefix(2) == ["77", "78"])
        #expect(try line("Max file size", of: run.limits).prefix(2) == ["1000000", "1000000"])
        #expect(try line("Max core file size", of: run.limits).prefix(2) == ["0", "0"])
        #expect(try line("Max open files", of: run.limits).prefix(2) == ["256", "256"])
        #expect(try line("Max address space", of: run.limits).prefix(2) == ["1073741824", "1073741824"])
    }
}
