import Model
import Testing

struct WallTimeRFC3339Tests {
    @Test(
        "Times are read with any offset, and written in UTC",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
            ("2026-03-01T13:00:05+01:00", 1_772_366_405_000, "2026-03-01T12:00:05Z"),
            ("2026-03-01t12:00:05.25z", 1_772_366_405_250, "2026-03-01T12:00:05Z"),
            ("2026-03-01T12:00:05.123456789Z", 1_772_366_405_123, "2026-03-01T12:00:05Z"),
            ("2024-02-29T23:59:60Z", 1_709_251_200_000, "2024-03-01T00:00:00Z"),
            ("1969-12-31T23:30:00-00:30", 0, "1970-01-01T00:00:00Z"),
            ("0000-03-01T00:00:00Z", -62_162_035_200_000, "0000-03-01T00:00:00Z"),
        ] as [(String, Int64, String)]
    )
    func valid(_ text: String, _ milliseconds: Int64, _ written: String) throws {
        let time = try WallTime(rfc3339: text)
        #expect(time.milliseconds == milliseconds)
        #expect(time.description == written)
    }

    @Test("Every day from 1600 to 2400 comes back as it was written")
    func everyDay() throws {
        let day: Int64 = 86_400_000
        for number in stride(from: Int64(-135_140), through: 157_054, by: 1) {
            let time = WallTime(milliseconds: number * day + 43_200_000)
            #expect(try WallTime(rfc3339: time.description) == time)
        }
    }

    @Test("With milliseconds it comes back whole", arguments: [0, 1, 999, -1, 1_700_000_000_050])
    func milliseconds(_ number: Int64) throws {
        let time = WallTime(milliseconds: number)
        #expect(try WallTime(rfc3339: time.rfc3339) == time)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "2026-03-01", "2026-03-01T12:00:05", "2026-03-01 12:00:05Z", "2026-13-01T12:00:05Z",
            "2026-02-29T12:00:05Z", "2026-03-00T12:00:05Z", "2026-03-01T24:00:05Z", "2026-03-01T12:60:05Z",
            "2026-03-01T12:00:61Z", "2026-03-01T12:00:05.Z", "2026-03-01T12:00:05+1:00", "2026-03-01T12:00:05Zx",
            "2026-03-01T12:00:05+24:00", "2O26-03-01T12:00:05Z", "12026-03-01T12:00:05Z",
        ]
    )
    func refused(_ text: String) {
        #expect(throws: ModelError.self) { try WallTime(rfc3339: text) }
    }
}
