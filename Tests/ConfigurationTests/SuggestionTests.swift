import Configuration
import Testing

struct SuggestionTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let text: String
        let nearest: String?
        var testDescription: String { "\(text) → \(nearest ?? "nothing")" }
    }

    @Test(
        "The nearest candidate is found, and nothing for what is far away",
        arguments: [
            Row(text: "flor", nearest: "floor"), Row(text: "widnow", nearest: "window"),
            Row(text: "Zones", nearest: "zones"),
            Row(text: "commit-within", nearest: "commit_within"), Row(text: "banana", nearest: nil),
            Row(text: "x", nearest: nil), Row(text: "Y", nearest: "y"),
            Row(text: "", nearest: nil), Row(text: String(repeating: "floor", count: 1000), nearest: nil),
        ]
    )
    func nearest(_ row: Row) {
        let candidates = ["floor", "window", "zones", "commit_within", "y"]
        #expect(Suggestion.nearest(to: row.text, among: candidates) == row.nearest)
    }
}
