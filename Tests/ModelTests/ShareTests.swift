import Model
import Testing

/// Shares as people write them, and what plans keep of them.
struct ShareTests {
    @Test(
        "A share is a number, or one with a percent sign",
        arguments: [("0.001", 0.001), ("10%", 0.1), ("150%", 1.5)]
    )
    func parse(_ text: String, _ value: Double) throws {
        let share = try Share(parsing: text)
        #expect(abs(share.value - value) < 1e-15)
        #expect(share.description == text)
    }

    @Test("What is none is refused", arguments: ["", "%", "-1%", "-0.1", "ten", "10 %", "inf"])
    func refuse(_ text: String) {
        #expect(throws: ModelError.self) { try Share(parsing: text) }
    }
}
