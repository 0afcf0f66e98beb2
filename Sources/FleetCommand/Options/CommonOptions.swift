import ArgumentParser
import Coordinator
import Glibc
import Logging

/// What nearly every command takes: where the fleet is described, and how much to tell.
struct CommonOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .long],
        help: ArgumentHelp(
            "The fleet.yml to work with (default: FLEET_FILE, else the nearest from here upwards).",
            valueName: "file"
        ),
        completion: .file(extensions: ["yml", "yaml"])
    )
    var file: String?

    @Flag(name: .shortAndLong, help: "Say more on standard error about what goes on inside.")
    var verbose = false

    func workspace() throws -> Workspace {
        let variable = getenv("FLEET_FILE").map { String(cString: $0) }
        return try Workspace.find(named: file ?? variable, from: ".")
    }

    var logger: Logger {
        var logger = Logger(label: "fleet") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = verbose ? .debug : .error
        return logger
    }

    func desk() throws -> Desk { try Desk(try workspace(), logger: logger) }
}
