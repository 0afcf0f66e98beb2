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

    @Test("Six whole intervals in which the peer reads nothing lose it, however lively it speaks")
    func deaf() {
        var heartbeats = Heartbeats()
        func ticks(_ count: Int, _ outlet: Heartbeats.Outlet) -> [Heartbeats.Action] {
            (0..<count).map { _ in
                heartbeats.heard()
                return heartbeats.tick(outlet)
            }
        }
        let almost = ticks(6, .full)
        let relieved = ticks(1, .open)
        let again = ticks(7, .full)
        #expect(almost == [Heartbeats.Action](repeating: .nothing, count: 6))
        #expect(relieved == [.send])
        #expect(again.dropLast() == almost[...] && again.last == .deaf)
    }
}
