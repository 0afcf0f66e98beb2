import ArgumentParser
import Testing

@testable import AgentCommand

struct ApplyTests {
    private func parse(_ words: String...) throws -> AgentCommand.Apply {
        try #require(try AgentCommand.parseAsRoot(["apply", "web-1.0.tar"] + words) as? AgentCommand.Apply)
    }

    @Test("A release is described, or an order says what it is; never both")
    func describedOrOrdered() throws {
        #expect(try parse("--env", "test").artifact.order == nil)
        #expect(try parse("--order", "r17.json").artifact.order == "r17.json")
        #expect(throws: (any Error).self) { try parse() }
        for word in [
            ["--env", "test"], ["--service", "web"], ["--version", "2"], ["--set", "A=b"], ["--ignore-scripts"],
        ] {
            let words = ["apply", "web-1.0.tar", "--order", "r17.json"] + word
            #expect(throws: (any Error).self, "\(word)") { try AgentCommand.parseAsRoot(words) }
        }
    }

    @Test("Only an order is carried out under a rollout's claim, and only with a reason")
    func breaksClaim() throws {
        let command = try parse("--order", "r17.json", "--break-claim", "--reason", "cut off")
        #expect(command.claim.reason == "cut off")
        #expect(throws: (any Error).self) { try parse("--order", "r17.json", "--break-claim") }
        #expect(throws: (any Error).self) { try parse("--env", "test", "--break-claim", "--reason", "cut off") }
    }
}
