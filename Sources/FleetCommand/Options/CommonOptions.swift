import ArgumentParser
import Configuration
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

    /// What belongs to whoever has ledger and authority: never asked of a coordinator elsewhere.
    func bench() throws -> Workbench { Workbench(try workspace(), logger: logger) }

    /// The desk of the coordinator that serves the team, where there is one, else our own.
    func desk() throws -> any Desk {
        let workspace = try workspace()
        guard let place = try coordinator(of: workspace) else { return LocalDesk(Workbench(workspace, logger: logger)) }
        return try RemoteDesk(workspace, at: place, logger: logger)
    }

    private func coordinator(of workspace: Workspace) throws -> HostPort? {
        if let variable = getenv("FLEET_COORDINATOR"), variable.pointee != 0 {
            do {
                return try HostPort(parsing: String(cString: variable))
            } catch {
                throw ValidationError("FLEET_COORDINATOR: \(error)")
            }
        }
        // Commands that need fleet.yml say what is wrong with it; those that don't should work all the same.
        return (try? workspace.configuration())?.coordinator
    }
}
