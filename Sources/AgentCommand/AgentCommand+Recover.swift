import Agent
import ArgumentParser
import Model

extension AgentCommand {
    struct Recover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back what was never committed; timers and the boot sequence do this."
        )

        @OptionGroup var host: HostOptions

        @Argument(help: "The service whose dead-man's timer ran out.")
        var service: ServiceName?

        @Flag(
            name: .customLong("take-over"),
            help: "Stand in for the agent while it is replaced; it starts this itself."
        )
        var takesOver = false

        @Flag(help: "Decide for all services, before any of them starts (fleet-recover.service).")
        var boot = false

        func run() async throws {
            let configuration = try host.configuration()
            let logger = HostOptions.logger()
            if takesOver { return try await Takeover(configuration, file: host.config, logger: logger).run() }
            let recovery = Recovery(configuration, file: host.config, logger: logger)
            guard let service else {
                guard boot else { throw ValidationError("name a service, or say --boot") }
                return try await recovery.atBoot()
            }
            guard service != .agent else { return try await recovery.deadManOfAgent() }
            let reply = try await recovery.deadMan(service)
            guard case .status = reply else { throw ReplyText(reply).failure }
        }
    }
}
