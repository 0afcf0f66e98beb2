import Agent
import ArgumentParser
import Configuration
import Glibc
import Logging
import Model

/// Where the agent's configuration is, and how to reach the agent.
struct HostOptions: ParsableArguments {
    @Option(help: "The agent's configuration.")
    var config = AgentFile.defaultPath

    func configuration() throws -> AgentConfiguration {
        guard let bytes = try FileText.read(config) else {
            throw ValidationError(
                "\(config) does not exist: this host was not added to a fleet; run 'fleet host add', or 'agent join'"
            )
        }
        return try AgentFile.parse(bytes, file: config)
    }

    /// Asks the running agent, or does it here when none runs.
    func perform(_ call: LocalCall) async throws -> LocalReply {
        let configuration = try configuration()
        if let reply = try LocalClient(path: configuration.paths.socket).ask(call) { return reply }
        FileText.complain("agent: no agent runs on this host; doing it without")
        let recovery = Recovery(configuration, file: config, logger: Self.logger())
        return try await recovery.offline(call, user: FileText.user())
    }

    static func logger() -> Logger {
        var logger = Logger(label: "agent", factory: JournalLogHandler.init)
        logger.logLevel = .notice
        return logger
    }
}
