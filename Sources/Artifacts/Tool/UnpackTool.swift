import Glibc

/// Runs `fleet-unpack`, the only program that reads archives: one sandboxed child per call, on a thread of its own.
package struct UnpackTool: Sendable {
    package static let installedPath = "/usr/libexec/fleet/fleet-unpack"

    package let path: String
    /// Time that one run may take.
    package var timeLimit: Duration

    /// - Throws: `ArtifactError` when there is no executable file at `path`.
    package init(path: String, timeLimit: Duration = .seconds(600)) throws(ArtifactError) {
        guard access(path, X_OK) == 0 else {
            throw ArtifactError(
                .toolMissing,
                path: path,
                "is no executable file; install the package fleet-agent again"
            )
        }
        self.path = path
        self.timeLimit = timeLimit
    }

    /// The tool for whoever may get by without: a missing one is noticed when it is to run.
    package init(expectedAt path: String) {
        self.path = path
        timeLimit = .seconds(600)
    }

    /// Finds the tool: where the package puts it, else beside the running executable.
    package static func find(timeLimit: Duration = .seconds(600)) throws(ArtifactError) -> Self {
        let candidates = [installedPath, beside()].compactMap { $0 }
        guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else {
            let places = candidates.joined(separator: " or ")
            throw ArtifactError(
                .toolMissing,
                path: "fleet-unpack",
                "is neither \(places); install the package fleet-agent"
            )
        }
        return try Self(path: path, timeLimit: timeLimit)
    }

    private static func beside() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { path[...$0] + "fleet-unpack" }
    }

    /// Runs one mode and returns its report and what it wrote; cancelling the task ends the child.
    func run(
        _ arguments: [String],
        input: ChildRequest.Input = .none,
        directory: OpenFile? = nil,
        output: ChildRequest.Output
    ) async throws(ArtifactError) -> (report: ToolReport, output: [UInt8]) {
        let wake = try WakeSignal()
        let cancellation = CancellationFlag()
        let request = request(arguments, input: input, directory: directory, output: output)
        let result = await withTaskCancellationHandler {
            await Self.result { () throws(ArtifactError) in
                try await BlockingThread.run { () throws(ArtifactError) in
                    try ChildDriver.run(request, wake: wake, cancellation: cancellation)
                }
            }
        } onCancel: {
            cancellation.set()
            wake.raise()
        }
        let child = try result.get()
        return (try Self.report(of: child, path: path), child.output)
    }

    func request(
        _ arguments: [String],
        input: ChildRequest.Input,
        directory: OpenFile? = nil,
        output: ChildRequest.Output
    ) -> ChildRequest {
        ChildRequest(
            executable: path,
            // A single thread can't use more CPU time than the run may take.
            arguments: arguments + ["--cpu-seconds", "\(timeLimit.components.seconds + 1)", "--report"],
            input: input,
            directory: directory,
            output: output,
            timeLimit: timeLimit
        )
    }

    /// What the child says it did; what went wrong outside it comes first.
    static func report(of child: ChildResult, path: String) throws(ArtifactError) -> ToolReport {
        switch child.interruption {
        case .timeLimit: throw ArtifactError(.toolTimedOut, path: path, "took too long and was ended\(said(child))")
        case .cancellation: throw ArtifactError(.cancelled, path: path, "was ended because its caller gave up")
        case .outputRefused(let error): throw error
        case nil: break
        }
        switch child.end {
        case .signalled(SIGXCPU): throw ArtifactError(.toolTimedOut, path: path, "used up its CPU time and was ended")
        case .signalled(let number):
            throw ArtifactError(.toolCrashed, path: path, "ended by signal \(number)\(said(child))")
        case .exited(let status):
            guard !child.report.isEmpty else {
                throw ArtifactError(.toolCrashed, path: path, "exited with \(status) and no report\(said(child))")
            }
            let report = try ToolReport(parsing: child.report)
            if let error = report.error { throw error }
            guard status == 0 else {
                throw ArtifactError(
                    .toolCrashed,
                    path: path,
                    "reported success but exited with \(status)\(said(child))"
                )
            }
            return report
        }
    }

    private static func said(_ child: ChildResult) -> String {
        child.messages.isEmpty ? "" : "; its last words: \(child.messages)"
    }

    private static func result<Value: Sendable>(
        _ body: () async throws(ArtifactError) -> Value
    ) async -> Result<Value, ArtifactError> {
        do throws(ArtifactError) { return .success(try await body()) } catch { return .failure(error) }
    }
}
