import Testing

@testable import Coordinator

struct ExternalCommandTests {
    @Test("A program gets its input and gives status, output and messages")
    func conversation() async throws {
        let input = Array(String(repeating: "x", count: 300_000).utf8)
        let command = ExternalCommand(["sh", "-c", "cat; echo oops >&2; exit 3"], input: input)
        let result = try await command.run()
        #expect(result.status == 3)
        #expect(result.output == input)
        #expect(result.messages == "oops\n")
    }

    @Test("A program that takes too long is ended")
    func slow() async throws {
        let command = ExternalCommand(["sleep", "1000"], timeLimit: .milliseconds(50))
        let error = try await #require(throws: CoordinatorError.self) { try await command.run() }
        #expect(error.code == .commandFailed)
    }

    @Test("A program that is not installed is named")
    func missing() async throws {
        let command = ExternalCommand(["no-such-program-anywhere"])
        let error = try await #require(throws: CoordinatorError.self) { try await command.run() }
        #expect(error.advice.contains("'no-such-program-anywhere' is not installed"))
    }

    @Test("A failure carries the last words")
    func failure() async throws {
        let command = ExternalCommand(["sh", "-c", "echo it is broken >&2; exit 9"])
        let error = try await #require(throws: CoordinatorError.self) { try await command.succeed() }
        #expect(error.advice.contains("ended with 9: it is broken"))
    }
}
