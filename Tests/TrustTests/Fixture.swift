import Foundation
import TestSupport
import Testing

/// Files under `Tests/Fixtures/trust`.
enum Fixture {
    static let directory = Golden.fixtures.appending(path: "trust")

    static func expect(_ bytes: [UInt8], matches name: String) throws {
        #expect(try Golden.difference(String(decoding: bytes, as: UTF8.self), "trust/\(name)") == nil)
    }
}
