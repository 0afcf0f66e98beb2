import Configuration
import Foundation
import Glibc
import Testing

@testable import Agent

/// What a dead-man's timer runs, whatever becomes of the package meanwhile.
struct PinnedAgentTests {
    private let scratch = Scratch()

    private func pinned() -> PinnedAgent {
        PinnedAgent(
            place: scratch.paths.pinned,
            configuration: "\(scratch.path)/agent.yml",
            executable: "\(scratch.path)/agent"
        )
    }

    private func install(_ agent: String, _ configuration: String) throws {
        try scratch.write("agent", agent)
        try scratch.write("agent.yml", configuration)
        try #require(chmod("\(scratch.path)/agent", 0o755) == 0)
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: scratch.paths.pinned)) ?? []).sorted()
    }

    @Test("It is this agent with this configuration, also once both are replaced or gone")
    func pins() throws {
        try install("first", "host: a")
        let pinned = pinned()
        let command = try pinned.recovery()
        try install("second, which is broken", "host: [")
        try #require(command.count == 4)
        #expect(try String(contentsOfFile: command[0], encoding: .utf8) == "first")
        #expect(Array(command[1...2]) == ["recover", "--config"])
        #expect(try String(contentsOfFile: command[3], encoding: .utf8) == "host: a")
        #expect(access(command[0], X_OK) == 0)
        #expect(try pinned.recovery() == command)
    }

    @Test("A copy that a crash has cut off, or that was changed, is made anew")
    func heals() throws {
        try install("first", "host: a")
        let command = try pinned().recovery()
        try "edited".write(toFile: command[0], atomically: false, encoding: .utf8)
        try scratch.write("var/pinned/.new/agent", "half")
        #expect(try pinned().recovery() == command)
        #expect(try String(contentsOfFile: command[0], encoding: .utf8) == "first")
        #expect(names.count == 1)
    }

    @Test("Those of timers that are still armed stay, older ones go")
    func forgets() throws {
        var commands: [[String]] = []
        for number in 1...5 {
            try install("agent \(number)", "host: a")
            commands.append(try pinned().recovery())
            let directory = URL(filePath: commands[number - 1][0]).deletingLastPathComponent().path
            var times = [timespec(tv_sec: number, tv_nsec: 0), timespec(tv_sec: number, tv_nsec: 0)]
            try #require(utimensat(AT_FDCWD, directory, &times, 0) == 0)
        }
        #expect(commands.map { access($0[0], F_OK) == 0 } == [false, false, true, true, true])
    }
}
