import Configuration
import TestSupport
import Testing

/// What people read when they make a mistake.
struct BrokenFileTests {
    /// Empty, and therefore a failure below, if the folder cannot be read.
    static let files = ((try? Fixture.names(in: "broken")) ?? []).filter { !$0.hasSuffix(".txt") }

    @Test("There are broken files to try")
    func fixtures() { #expect(Self.files.count > 20) }

    @Test("A broken file is refused with every mistake at its place", arguments: files)
    func message(_ file: String) throws {
        let bytes = try Fixture.bytes("broken/\(file)")
        let error = try #require(throws: ConfigurationError.self) { try Self.parse(bytes, file: file) }
        #expect(try Golden.difference(error.description + "\n", "configuration/broken/\(file).txt") == nil)
    }

    /// The file's kind is the first word of its name.
    private static func parse(_ bytes: [UInt8], file: String) throws {
        switch file.prefix(while: { $0 != "-" }) {
        case "service": _ = try ServiceFile.parse(bytes, file: file)
        case "fleet": _ = try FleetFile.parse(bytes, file: file)
        case "agent": _ = try AgentFile.parse(bytes, file: file)
        case "policy": _ = try TrustPolicyFile.parse(bytes, file: file)
        default: _ = try InventoryFile.parse(bytes, file: file, format: .guess(path: file, bytes: bytes))
        }
    }
}
