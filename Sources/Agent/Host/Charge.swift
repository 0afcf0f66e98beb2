internal import Activation
internal import Configuration
internal import Glibc
internal import Model

/// Which services a process decides about, of those of its host.
enum Charge {
    /// The agent of the host: all of them.
    case agent
    /// Whoever decides at boot, before anything runs: all of them.
    case boot
    /// Whoever stands in for the agent: the agent alone.
    case agentAlone
    /// Whoever does something while no agent runs: all but the agent, which somebody may be replacing.
    case bystander

    func covers(_ service: ServiceName) -> Bool {
        switch self {
        case .agent, .boot: true
        case .agentAlone: service == .agent
        case .bystander: service != .agent
        }
    }

    /// From where the agent's own service is decided about; nil where this process may not.
    func standpoint(_ executable: String) -> Standpoint? {
        switch self {
        case .agent: Self.isUnit ? .within(executable: executable) : nil
        case .boot, .agentAlone: .takenOver
        case .bystander: nil
        }
    }

    /// The directory that holds the link to the keeper; nil where this process must not change it.
    func keeperLink(_ paths: AgentPaths) -> String? {
        switch self {
        case .agent: Self.isUnit ? paths.state : nil
        case .boot, .agentAlone, .bystander: nil
        }
    }

    /// Whether systemd runs this process as the unit that an agent's release replaces (cgroups(7)).
    private static var isUnit: Bool {
        // Unreadable: then there is no systemd either.
        guard let bytes = try? Directory(path: "/proc/self").read("cgroup") else { return false }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains {
            $0.hasSuffix("/\(UnitName.agent)")
        }
    }
}
