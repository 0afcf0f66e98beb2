import Artifacts
import Coordinator
import FoundationEssentials
import Logging
import Model

/// A coordinator that was rebuilt to lie: the identity, ledger and links of a real one, and a script in place of decisions.
///
/// `Liar FLEET.YML SCRIPT` prints the answers as JSON; end-to-end tests run it where real hosts can be reached.
@main
struct Liar {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { fatalError("usage: Liar FLEET.YML SCRIPT") }
        let script = try JSONDecoder().decode(Script.self, from: try Data(contentsOf: URL(filePath: arguments[2])))
        let answers = try await Liar(script, in: try Workspace.find(named: arguments[1], from: "/")).speak()
        print(String(decoding: try JSONEncoder().encode(answers), as: UTF8.self))
    }

    private let script: Script
    private let hosts: [Host]
    private let links: SessionLinks

    private init(_ script: Script, in workspace: Workspace) async throws {
        self.script = script
        let configuration = try workspace.configuration()
        hosts = try await workspace.environment(script.environment, of: script.service, in: configuration).hosts
        let ledger = try workspace.ledger()
        let credentials = try workspace.credentials()
        links = try SessionLinks(
            running: script.rollout,
            .deploy,
            hosts: hosts,
            ledger: ledger,
            signer: try workspace.signer(of: ledger),
            fleet: credentials.fleet,
            identity: credentials.identity,
            anchors: credentials.anchors,
            artifacts: try workspace.artifacts(),
            tool: try .find(),
            logger: Logger(label: "liar")
        )
    }

    private func speak() async throws -> [Script.Answer] {
        let (news, tell) = AsyncStream.makeStream(of: LinkNews.self)
        let running = Task { await links.run { tell.yield($0) } }
        defer { running.cancel() }
        var connected: Set<Int> = []
        for await item in news {
            if case .connected(let host) = item { connected.insert(host) }
            if connected.count == hosts.count { break }
        }
        var answers: [Script.Answer] = []
        for line in script.lines { answers.append(await say(line)) }
        return answers
    }

    private func say(_ line: Script.Line) async -> Script.Answer {
        do {
            switch line {
            case .say(let command, let host): return .reply(try await links.perform(command, on: index(of: host)))
            case .deliver(let artifact, let host):
                try await links.deliver(artifact, to: index(of: host))
                return .delivered
            }
        } catch {
            return .lost("\(error)")
        }
    }

    private func index(of host: HostID) -> Int {
        guard let index = hosts.firstIndex(where: { $0.id == host }) else { fatalError("\(host) is not in fleet.yml") }
        return index
    }
}
