import Foundation
import Glibc
import Testing

/// strace(1) on one thread of a host's agent, from outside the host: nothing of it is installed there.
///
/// Its counter is of one thread and one name of a call, so the Nth call of a thread that works in one order is always the same.
struct Tracer {
    private let child: Child
    private let log: String

    /// Attaches to the thread of that name, or to all and their children; `options` go to strace.
    init(_ fleet: Fleet, thread name: String?, _ options: [String]) async throws {
        let process = try #require(fleet.agentProcess(1), "no agent runs")
        let thread = try #require(
            name.map { Self.thread($0, of: process) } ?? process,
            "the agent has no thread '\(name ?? "")'"
        )
        log = fleet.log("strace")
        let names = (SystemCall.changing + ["sendmsg"]).joined(separator: ",")
        let command = ["strace", "-y", "-s", "64", "-e", "trace=\(names)", "-o", "\(log).txt"] + options
        child = try fleet.start(command + ["-p", "\(thread)"], subject: "strace-words")
        let words = child
        try await fleet.eventually("strace is attached: \(words.words)", within: .seconds(10)) {
            words.words.messages.contains("attached")
        }
    }

    /// Lets the thread go, and answers what was seen; an agent that was killed is gone anyway.
    func detach() async throws -> String {
        child.signal(SIGTERM)
        _ = try await child.end(within: .seconds(10))
        return FileManager.default.contents(atPath: "\(log).txt").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func thread(_ name: String, of process: pid_t) -> pid_t? {
        let tasks = "/proc/\(process)/task"
        return (try? FileManager.default.contentsOfDirectory(atPath: tasks))?.compactMap { pid_t($0) }.first {
            Fleet.line("\(tasks)/\($0)/comm") == name
        }
    }
}

extension Fleet {
    /// The pid, seen from here, of the agent that runs on a host; nil when none does.
    func agentProcess(_ host: Int) -> pid_t? {
        let group = "fleet-hosts-\(name)/h\(host)/"
        return (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) }.first {
            Self.line("/proc/\($0)/comm") == "agent" && Self.text("/proc/\($0)/cmdline").contains("agent\0run")
                && Self.text("/proc/\($0)/cgroup").contains(group)
        }
    }

    static func line(_ path: String) -> String { text(path).trimmingCharacters(in: .newlines) }

    private static func text(_ path: String) -> String {
        // Processes come and go while they are looked at.
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}
