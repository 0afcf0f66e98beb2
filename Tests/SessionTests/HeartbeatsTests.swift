import Testing

@testable import Session

struct HeartbeatsTests {
    @Test("Who has spoken sends no heartbeat")
    func quiet() {
        var heartbeats = Heartbeats()
        heartbeats.spoke()
        #expect(heartbeats.tick() == .nothing)
        #expect(heartbeats.tick() == .send)
    }

    @Test("The third whole interval without a word loses the peer, and a word starts anew")
    func silence() {
        var heartbeats = Heartbeats()
        for _ in 1...2 { #expect(heartbeats.tick() == .send) }
        heartbeats.heard()
        for _ in 1...3 { #expect(heartbeats.tick() == .send) }
        #expect(heartbeats.tick() == .lost)
    }
}
