import Coordinator
import Testing

/// What is said of environments in an order, before any host is asked.
struct ProvenTests {
    @Test("One thing is rolled out, and an emergency has a reason: exit code 64")
    func usage() async throws {
        let fleet = try await ScratchFleet()
        let both = try await fleet.fleet("plan", "hello", "1.0", "--from", "dev", "--env", "dev", code: 64)
        #expect(both.messages.contains("--from ENVIRONMENT"))
        let mute = try await fleet.fleet("rollout", "hello", "1.0", "--env", "dev", "--unproven", code: 64)
        #expect(mute.messages.contains("--unproven needs a --reason"))
        let nothing = try await fleet.fleet("plan", "hello", "--from", "dev", "--env", "dev", code: 64)
        #expect(nothing.messages.contains("nothing was rolled out with success to dev of hello yet"))
        let unknown = try await fleet.fleet("plan", "hello", "--from", "stage", "--env", "dev", code: 64)
        #expect(unknown.messages.contains("no environment of hello is called 'stage'"))
    }

    @Test("A comparison needs something to compare with, and one way to say with what: exit code 64")
    func difference() async throws {
        let fleet = try await ScratchFleet()
        let nothing = try await fleet.fleet("diff", "hello", "--env", "dev", code: 64)
        #expect(nothing.messages.contains("nothing was rolled out with success to dev of hello yet"))
        let both = try await fleet.fleet("diff", "hello", "1.0", "--env", "dev", "--to-env", "dev", code: 64)
        #expect(both.messages.contains("leave the versions out"))
        try await fleet.fleet("diff", "hello", "1", "2", "3", "--env", "dev", code: 64)
    }
}
