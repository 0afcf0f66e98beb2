import Foundation

/// One run of the real `openssl` command.
final class OpenSSLCommand {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var collected = Data()

    init(_ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        // Only the child holds its ends now, so its exit is our end of file.
        try output.fileHandleForWriting.close()
    }

    /// By SIGKILL: children of a dispatch worker are born with SIGTERM blocked.
    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    func write(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

    func closeInput() throws { try input.fileHandleForWriting.close() }

    /// Reads until the output holds `text`; answers everything so far (blocks).
    func output(until text: String) -> String {
        while !all.contains(text) {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            collected += data
        }
        return all
    }

    /// Reads until the command ends (blocks).
    func finish() -> String {
        collected += output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return all
    }

    private var all: String { String(decoding: collected, as: UTF8.self) }
}
