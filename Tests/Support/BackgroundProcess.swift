package import Foundation

/// A real program that runs beside a test, with none of the test's own streams.
///
/// One that outlived its test with such a stream would keep `swift test` waiting for the end of it. Ended by SIGKILL:
/// children of a dispatch worker are born with SIGTERM blocked.
package final class BackgroundProcess {
    private let process = Process()

    /// Starts a program, found by PATH; its standard output goes to `output` or nowhere.
    package init(
        _ words: [String],
        directory: URL? = nil,
        environment: [String: String]? = nil,
        output: Pipe? = nil
    ) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = directory
        if let environment { process.environment = environment }
        process.standardInput = FileHandle.nullDevice
        if let output { process.standardOutput = output } else { process.standardOutput = FileHandle.nullDevice }
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { stop() }

    package var isRunning: Bool { process.isRunning }

    /// Ends it and waits for its end; does nothing when it has ended.
    package func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
