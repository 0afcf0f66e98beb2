internal import FoundationEssentials
internal import Model

/// Asks the agent that runs on this host.
package struct LocalClient: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Sends one call and waits for its answer; blocks.
    ///
    /// - Returns: Nil when no agent listens.
    /// - Throws: `FileError` when it went away in between.
    package func ask(_ call: LocalCall) throws -> LocalReply? {
        let dialogue = SocketDialogue(path: path, terminator: UInt8(ascii: "\n"))
        guard let answer = try dialogue.ask(Array(try JSONEncoder().encode(call))) else { return nil }
        return try JSONDecoder().decode(LocalReply.self, from: Data(answer))
    }
}
