import Foundation

extension Fleet {
    /// Writes down what a person would want to see of a failure; the workspace and all output are there already.
    func keepEvidence(because error: any Error) async {
        try? "\(error)\n".write(toFile: "\(directory)/why", atomically: true, encoding: .utf8)
        for host in 1...count {
            await keep("h\(host)-console", [Machine.script("hosts/host"), "log", "\(host)"])
            let inside = [Machine.script("hosts/exec"), "\(host)"]
            await keep("h\(host)-journal", inside + ["journalctl", "--no-pager", "-o", "short-precise"])
            await keep("h\(host)-status", inside + ["agent", "status"])
        }
        _ = try? await fleet("why")
        _ = try? await fleet("history")
        print("evidence is in \(directory)")
    }

    private func keep(_ name: String, _ command: [String]) async {
        // What can't be had any more is no reason to lose the rest.
        _ = try? await start(command, subject: name).end(within: .seconds(20))
    }
}
