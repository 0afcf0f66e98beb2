import Foundation
import Model
import Testing

struct ConfigEntryTests {
    @Test(
        "A variable that would write a second line is refused, also when it arrives as JSON",
        arguments: [#"{"key":"A","value":"1\nB=2"}"#, #"{"key":"A\nB","value":"1"}"#, #"{"key":"1A","value":"x"}"#]
    )
    func decoding(_ json: String) {
        #expect(throws: ModelError.self) { try JSONDecoder().decode(ConfigEntry.self, from: Data(json.utf8)) }
    }

    @Test("An ordinary variable survives the way")
    func roundTrip() throws {
        let entry = try ConfigEntry(key: "DATABASE_URL", value: "postgres://db/web?x=\"y\"")
        #expect(try JSONDecoder().decode(ConfigEntry.self, from: JSONEncoder().encode(entry)) == entry)
    }
}
