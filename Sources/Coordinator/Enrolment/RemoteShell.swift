/// Runs scripts on a server by the operator's own `ssh`, with all of its configuration.
struct RemoteShell: Sendable {
    let access: HostAccess

    /// Never asks: whoever enrols twenty hosts in a loop must not find a prompt in the middle.
    private static let options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]
    /// Installing packages may load them from far away.
    private static let patience = Duration.seconds(600)

    /// Runs a shell script there as root; its standard input is the script itself, so that no quoting is needed.
    ///
    /// `step` is what it does, for the message of its failure.
    @discardableResult
    func run(_ script: String, step: String) async throws -> String {
        let port = access.port.map { ["-p", "\($0)"] } ?? []
        let command = ExternalCommand(
            ["ssh"] + Self.options + port + ["--", access.destination, "sh -eu"],
            input: Array(Self.shielded(script).utf8),
            timeLimit: Self.patience
        )
        let result = try await command.run()
        guard result.status == 0 else { throw failure(step, result) }
        return result.text
    }

    /// A shell reads its script piece by piece; in braces it reads all of it before anything runs, so that no program can
    /// take the rest of the script for its own input.
    private static func shielded(_ script: String) -> String { "{\n\(script)\n} </dev/null\n" }

    /// Copies files to a directory there.
    func copy(_ files: [String], to directory: String, step: String) async throws {
        let port = access.port.map { ["-P", "\($0)"] } ?? []
        let host = access.address.contains(":") ? bracketed : access.destination
        let command = ExternalCommand(
            ["scp", "-q"] + Self.options + port + ["--"] + files + ["\(host):\(directory)/"],
            timeLimit: Self.patience
        )
        let result = try await command.run()
        guard result.status == 0 else { throw failure(step, result) }
    }

    private var bracketed: String {
        let user = access.destination.dropLast(access.address.count)
        return "\(user)[\(access.address)]"
    }

    /// Status 255 is ssh's own.
    private func failure(_ step: String, _ result: ExternalCommand.Result) -> CoordinatorError {
        let said = ExternalCommand.tail(result.messages)
        guard result.status != 255 else {
            return CoordinatorError(
                .enrolment,
                "\(access) can't be reached by ssh: \(said); make 'ssh \(access.destination) true' work without a question first"
            )
        }
        return CoordinatorError(.enrolment, "\(access): \(step) failed: \(said)")
    }

    /// A text as one word of a POSIX shell.
    static func quoted(_ text: String) -> String {
        let inner = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        return "'\(inner)'"
    }
}
