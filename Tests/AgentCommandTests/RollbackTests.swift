import ArgumentParser
import Testing

@testable import AgentCommand

struct RollbackTests {
    private func parse(_ words: String...) throws -> AgentCommand.Rollback {
        try #require(try AgentCommand.parseAsRoot(["rollback", "web"] + words) as? AgentCommand.Rollback)
    }

    @Test("A claim is broken only by somebody who says why")
    func breaksClaim() throws {
        #expect(try parse().claim.reason == nil)
        let command = try parse("--break-claim", "--reason", "shop is down")
        #expect(command.claim.breakClaim)
        #expect(command.claim.reason == "shop is down")
        #expect(throws: (any Error).self) { try parse("--break-claim") }
        #expect(throws: (any Error).self) { try parse("--break-claim", "--reason", " ") }
        #expect(throws: (any Error).self) { try parse("--reason", "shop is down") }
    }
}
