internal import Configuration

/// Who takes back what nobody commits: this agent, or the one before it while this one is not committed itself.
actor Keeper {
    /// This process' own, with links resolved: an upgrade of the agent must not change who takes a release back.
    nonisolated let executable: String
    private let configuration: String
    private let link: String?
    private var named: String
    private var linked: String?

    /// `configuration` is the path of agent.yml; `link` the directory where boots find the keeper, nil to leave it alone.
    init(executable: String, configuration: String, link: String? = nil) {
        self.executable = executable
        self.configuration = configuration
        self.link = link
        named = executable
    }

    /// `agent recover`, of whoever is the keeper now; a service's name follows.
    var command: [String] { RecoverCommand.words(of: named, configuration: configuration) }

    /// Whether another agent than this one takes back what nobody commits.
    var isAnother: Bool { named != executable }

    /// Takes in which agent stands by while this one is not committed; nil when none has to.
    func note(_ other: String?) {
        named = other ?? executable
        guard let link, linked != named else { return }
        do throws(FileError) {
            try Directory(path: link).replaceLink(AgentPaths.keeperName, target: named)
            linked = named
        } catch {
            // The link names an agent that was committed before; it is tried again at the next word.
        }
    }
}
