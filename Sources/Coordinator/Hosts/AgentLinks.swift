package import Model

/// The sessions of a coordinator with the agents of one plan; a host is known by its index there.
package protocol AgentLinks: Sendable {
    /// Keeps up a session with every host, and tells of each change, until the task is cancelled.
    func run(_ tell: @escaping @Sendable (LinkNews) async -> Void) async

    /// Asks a host for something and waits for its answer.
    ///
    /// - Throws: When the session is lost before the answer; the same command may then be sent again.
    func perform(_ command: HostCommand, on host: Int) async throws -> HostReply

    /// What the unit of a service uses on a host now.
    ///
    /// - Throws: When there is no session with it, no answer in time, or its agent does not know the question.
    func figures(of service: ServiceName, on host: Int, within limit: Duration) async throws -> UnitFigures

    /// Sends an artifact to a host unless it has it.
    func deliver(_ artifact: Artifact, to host: Int) async throws
}
