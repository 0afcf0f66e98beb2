import Activation
import Configuration
import Logging
import Model
import Testing

@testable import Agent

/// Who takes back what nobody commits.
struct KeeperTests {
    @Test("While an agent is not committed the one before is the keeper, for timers and for boots; then it is itself")
    func keeper() async throws {
        let scratch = Scratch()
        let state = try Directory(creating: scratch.paths.state)
        let keeper = Keeper(executable: "/releases/2/agent", configuration: "/etc/agent.yml", link: scratch.paths.state)
        await keeper.note("/releases/1/agent")
        #expect(await keeper.command == ["/releases/1/agent", "recover", "--config", "/etc/agent.yml"])
        #expect(try state.link(AgentPaths.keeperName) == "/releases/1/agent")
        await keeper.note(nil)
        #expect(await keeper.command.first == "/releases/2/agent")
        #expect(try state.link(AgentPaths.keeperName) == "/releases/2/agent")
    }

    @Test("Who is not the agent leaves the link alone")
    func noLink() async throws {
        let scratch = Scratch()
        let state = try Directory(creating: scratch.paths.state)
        await Keeper(executable: "/usr/bin/agent", configuration: "/etc/agent.yml").note("/releases/1/agent")
        #expect(try state.link(AgentPaths.keeperName) == nil)
    }

    @Test("A process decides about the services that are its charge, and about the agent's from where it stands")
    func charge() {
        let agent = ServiceName.agent
        #expect(Charge.boot.covers(agent) && Charge.boot.covers(Scratch.service))
        #expect(Charge.agentAlone.covers(agent) && !Charge.agentAlone.covers(Scratch.service))
        #expect(!Charge.bystander.covers(agent) && Charge.bystander.covers(Scratch.service))
        #expect(Charge.boot.standpoint("/usr/bin/agent") == .takenOver)
        #expect(Charge.agentAlone.standpoint("/usr/bin/agent") == .takenOver)
        #expect(Charge.bystander.standpoint("/usr/bin/agent") == nil)
        // These tests run as no unit of systemd.
        #expect(Charge.agent.standpoint("/usr/bin/agent") == nil)
    }

    @Test("Who lets the host's lock go lets the next process have it")
    func lock() throws {
        let scratch = Scratch()
        _ = try Directory(creating: scratch.paths.state)
        let first = try HostLock(path: scratch.paths.lock)
        let error = #expect(throws: FileError.self) { _ = try HostLock(path: scratch.paths.lock) }
        #expect(error?.isLocked == true)
        first.letGo()
        _ = try HostLock(path: scratch.paths.lock)
    }

    @Test("What would replace the agent is not done by whoever stands in for nobody")
    func offline() async throws {
        let scratch = Scratch()
        let recovery = Recovery(
            scratch.configuration,
            file: "agent.yml",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let call = LocalCall.rollback(.agent, to: nil, breakingClaim: nil)
        let failure = await #expect(throws: Failure.self) { try await recovery.offline(call, user: "root") }
        #expect(failure?.message.contains("systemctl start agent.service") == true)
    }
}
