import Testing

@testable import Coordinator

/// Several tests at once, and numbers as people read them.
struct HolmCorrectionTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let pValues: [Double]
        let significant: Set<Int>
        var testDescription: String { "\(pValues)" }
    }

    @Test(
        "Each p-value must be below its own share of the significance, from the smallest to the first that is not",
        arguments: [
            Row(pValues: [], significant: []),
            Row(pValues: [0.05], significant: [0]),
            Row(pValues: [0.01, 0.04, 0.03, 0.005], significant: [0, 3]),
            // 0.03 alone would be below 0.05 / 1, and comes after one that is not below 0.05 / 2.
            Row(pValues: [0.03, 0.026], significant: []),
            Row(pValues: [0.01, 0.01, 0.01], significant: [0, 1, 2]),
        ]
    )
    func holm(_ row: Row) {
        #expect(HolmCorrection.significant(row.pValues, at: 0.05) == row.significant)
    }

    @Test(
        "Numbers have three significant digits",
        arguments: [
            (0.0, "0"), (0.012345, "0.0123"), (4.5678, "4.57"), (99.96, "100"), (12345.6, "12346"), (1e-9, "1e-09"),
            (-0.25, "-0.25"), (.infinity, "inf"),
        ]
    )
    func digits(_ value: Double, _ text: String) {
        #expect(value.shortened == text)
    }
}
