import Testing

@testable import Coordinator

/// Fisher's exact test against published values, and against sums in whole numbers.
struct FisherExactTestTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let first: Proportion
        let second: Proportion
        let pValue: Double
        var testDescription: String { "\(first) against \(second)" }

        init(_ part: Int64, of all: Int64, _ otherPart: Int64, of other: Int64, _ pValue: Double) {
            first = Proportion(part: part, all: all)
            second = Proportion(part: otherPart, all: other)
            self.pValue = pValue
        }
    }

    @Test(
        "Published tables have their published values",
        arguments: [
            // Fisher's lady who tastes tea, "The Design of Experiments" (1935), section 11: 17 of 70.
            Row(3, of: 4, 1, of: 4, 17.0 / 70),
            // Convictions of twins, Fisher (1962), as in R's fisher.test: 0.0004652.
            Row(10, of: 13, 2, of: 17, 0.000465180943362905),
        ]
    )
    func published(_ row: Row) { check(row) }

    @Test(
        "Every size of table is exact: the values are quotients of binomial coefficients, worked out in whole numbers",
        arguments: [
            Row(1, of: 3, 0, of: 1, 0.75), Row(30, of: 1000, 10, of: 1000, 0.0010041667809150049),
            Row(12, of: 500, 60, of: 5000, 0.027589729143040566),
            Row(200, of: 10_000, 1500, of: 100_000, 0.00011364652419023762),
            Row(2000, of: 100_000, 15_000, of: 1_000_000, 3.9788662577336195e-32),
            Row(50, of: 50, 0, of: 50, 9.911653021418339e-30),
        ]
    )
    func exact(_ row: Row) { check(row) }

    @Test(
        "What is not above the others is never unlikely",
        arguments: [
            Row(0, of: 100, 5, of: 100, 1), Row(5, of: 100, 5, of: 100, 0.626235124935476),
            Row(0, of: 100, 0, of: 100, 1), Row(100, of: 100, 100, of: 100, 1), Row(0, of: 0, 0, of: 0, 1),
        ]
    )
    func notAbove(_ row: Row) { check(row) }

    private func check(_ row: Row) {
        let found = FisherExactTest.pValue(row.first, exceeds: row.second)
        #expect(abs(found - row.pValue) <= row.pValue * 1e-7, "\(found)")
    }
}
