import Testing

@testable import Coordinator

struct DebianVersionTests {
    /// Each is older than the next.
    private static let ascending = [
        "0.9", "0.9.1", "0.10~rc1", "0.10~rc2", "0.10", "0.10-1~bpo12", "0.10-1", "0.10-2", "0.10-10", "0.10a",
        "0.10+git1",
        "0.10.0", "1.0", "1:0.1",
    ]

    @Test("Versions are ordered as dpkg orders them")
    func order() {
        for (index, older) in Self.ascending.enumerated() {
            for newer in Self.ascending[(index + 1)...] {
                #expect(DebianVersion(older) < DebianVersion(newer), "\(older) < \(newer)")
                #expect(!(DebianVersion(newer) < DebianVersion(older)), "\(newer) > \(older)")
            }
        }
    }

    @Test("Zeros in front of a number say nothing", arguments: [("1.0", "1.00"), ("1.07", "1.7"), ("2-0", "2")])
    func equal(_ row: (String, String)) {
        #expect(DebianVersion(row.0) == DebianVersion(row.1))
    }

    @Test("The dpkg of this machine agrees", .enabled(if: SmallFile.isExecutable("/usr/bin/dpkg")))
    func dpkg() async throws {
        for (older, newer) in zip(Self.ascending, Self.ascending.dropFirst()) {
            let result = try await ExternalCommand(["dpkg", "--compare-versions", older, "lt", newer]).run()
            #expect(result.status == 0, "\(older) < \(newer)")
        }
    }
}
