import Testing

@testable import Session

struct CreditGateTests {
    @Test("Who takes gets what is there, between least and most")
    func take() async throws {
        let gate = CreditGate()
        gate.grant(10)
        #expect(try await gate.take(least: 1, most: 4) == 4)
        #expect(try await gate.take(least: 1, most: 100) == 6)
    }

    @Test("Who finds too little waits for more")
    func wait() async throws {
        let gate = CreditGate()
        gate.grant(3)
        async let taken = gate.take(least: 5, most: 8)
        gate.grant(3)
        #expect(try await taken == 6)
    }

    @Test("A cancelled waiter and a failed gate let go")
    func release() async throws {
        struct Gone: Error {}
        let gate = CreditGate()
        let task = Task { try await gate.take(least: 1, most: 1) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let other = Task { try await gate.take(least: 1, most: 1) }
        gate.fail(Gone())
        await #expect(throws: Gone.self) { try await other.value }
        await #expect(throws: Gone.self) { try await gate.take(least: 1, most: 1) }
    }

    @Test("Absurd grants do not overflow")
    func overflow() async throws {
        let gate = CreditGate()
        for _ in 0..<1000 { gate.grant(Int(UInt32.max)) }
        #expect(try await gate.take(least: 1, most: 5) == 5)
    }
}
