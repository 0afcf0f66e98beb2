import Agent
import ArgumentParser
import Configuration
import Logging
import ServiceLifecycle
import UnixSignals

extension AgentCommand {
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Run the agent; systemd does this (agent.service).")

        @OptionGroup var host: HostOptions

        @Option(help: "Least severe messages that are logged: debug, info, notice, warning, error.", transform: level)
        var logLevel = Logger.Level.info

        func run() async throws {
            var logger = Logger(label: "agent", factory: JournalLogHandler.init)
            logger.logLevel = logLevel
            let daemon = try await AgentDaemon(try host.configuration(), file: host.config, logger: logger)
            let group = ServiceGroup(services: [daemon], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            try await group.run()
        }

        private static func level(_ text: String) throws -> Logger.Level {
            guard let level = Logger.Level(rawValue: text) else { throw ValidationError("'\(text)' is no log level") }
            return level
        }
    }
}
