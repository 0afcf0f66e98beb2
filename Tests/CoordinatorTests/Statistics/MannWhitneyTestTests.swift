import Testing

@testable import Coordinator

/// The Mann-Whitney U test against published values, and medians.
struct MannWhitneyTestTests {
    @Test("Published samples have their published value")
    func published() {
        // Ages at diagnosis, as in SciPy's mannwhitneyu: 0.1113 of both sides.
        let found = MannWhitneyTest.pValue([19, 22, 16, 29, 24], exceeds: [20, 11, 17, 12])
        #expect(abs(found - 0.11134688653314041 / 2) < 1e-12, "\(found)")
    }

    @Test("Equal values share their ranks, and make the variance smaller")
    func ties() {
        // By SciPy's mannwhitneyu, alternative greater, method asymptotic.
        let found = MannWhitneyTest.pValue([1, 2, 2, 3, 3, 3, 4, 5, 5, 6], exceeds: [1, 1, 1, 2, 2, 3, 3, 4, 4, 4])
        #expect(abs(found - 0.11607828527432176) < 1e-12, "\(found)")
        #expect(MannWhitneyTest.pValue([7, 7, 7], exceeds: [7, 7]) == 1)
    }

    @Test("One side counts: what is smaller is never unlikely")
    func sides() {
        let (low, high) = ((1...30).map(Double.init), (21...50).map(Double.init))
        #expect(MannWhitneyTest.pValue(high, exceeds: low) < 1e-6)
        #expect(MannWhitneyTest.pValue(low, exceeds: high) > 0.999)
    }

    @Test("The median is the middle, or between both")
    func medians() {
        #expect([3.0, 1, 2].median == 2)
        #expect([4.0, 1, 2, 3].median == 2.5)
        #expect([Double]().median == nil)
    }
}
