/// From where the agent's own service is decided about: whoever stops the agent must not be the agent.
package enum Standpoint: Hashable, Codable, Sendable {
    /// By the agent, whose executable this is: it hands over before it is stopped.
    case within(executable: String)
    /// By a process that stands in for the agent while that is down.
    case takenOver
}
